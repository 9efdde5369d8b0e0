/** Sends server actions to the application under test, as Next's own client does. */
import { actionsOf } from './routes';

export type Sent = {
  readonly status: number;
  /** Whether it did what was asked. */
  readonly ok: boolean;
  /** Where it leads, or `''`. */
  readonly leadsTo: string;
  /** The cookies that it sets, by name: what a browser would send back. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly text: string;
};

/** @param headers of the sender: `app.as(sessionId)`, and whatever else a request brings. */
export async function sendAction(
  appUrl: string,
  name: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const action = actionsOf().find((candidate) => candidate.name === name);
  if (!action) throw new Error(`no action ${name}`);
  const body = new FormData();
  for (const [field, value] of Object.entries(form)) body.append(`_1_${field}`, value);
  body.append('0', '[null,"$K1"]');
  const response = await fetch(appUrl + action.page, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { origin: appUrl, 'next-action': action.id, accept: 'text/x-component', ...headers },
  });
  const text = await response.text();
  const leadsTo = response.headers.get('x-action-redirect')?.replace(/;.*$/, '') ?? '';
  const cookies = Object.fromEntries(
    response.headers.getSetCookie().map((cookie) => {
      const [, cookieName = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      return [cookieName, value];
    }),
  );
  return { status: response.status, ok: leadsTo !== '' || /"ok":true/.test(text), leadsTo, cookies, text };
}
