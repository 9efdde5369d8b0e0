import type { Network } from '../network';

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What happens on the network once the answer is out. */
  readonly afterwards?: () => Promise<void>;
  /** The connection ends instead of the answer. */
  readonly isCutOff?: boolean;
};

/** A request to one operation, understood. */
export type RestRequest = {
  readonly network: Network;
  readonly url: URL;
  /** What the path says for its parts in braces. */
  readonly ids: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
};

export type Handler = (request: RestRequest) => Answer;

export const VERSION = '2010-04-01';

/** The path below which everything of the account lies. */
export const accountPath = ({ account }: Network) => `/${VERSION}/Accounts/${account.sid}`;

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** An error in Twilio's form, with its own code. */
export function failure(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, status, headers);
}

export const notFound = (url: URL) => failure(404, 20404, `The requested resource ${url.pathname} was not found`);

/** 401 in Twilio's words, for missing and for wrong credentials alike. */
export const unauthorised = () =>
  failure(401, 20003, 'Authenticate', { 'WWW-Authenticate': 'Basic realm="Twilio API"' });
