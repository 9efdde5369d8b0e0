/** Whether Twilio knows us, and calls what we answer at. */
import { command } from '@/lib/doors/command';
import { env } from '@/lib/platform/env';
import { accountStatus, incomingNumbers, TwilioError, type TwilioNumber } from '@/lib/platform/twilio-api';
import { codeOf, doubtful, type Finding, wrong } from './findings';

export async function checkTwilio(): Promise<readonly Finding[]> {
  let status: string;
  try {
    status = await accountStatus();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'status_401')
      return [
        wrong('TWILIO_AUTH_TOKEN: no token in it is that of TWILIO_ACCOUNT_SID: copy both from the Twilio console'),
      ];
    if (error instanceof TwilioError) return [wrong(`Twilio refuses to speak about TWILIO_ACCOUNT_SID (${code})`)];
    return [
      wrong(`Twilio cannot be reached from here (${code}): let this machine out to ${env().TWILIO_API_BASE_URL}`),
    ];
  }
  if (status !== 'active') return [wrong(`The Twilio account is ${status}: see the Twilio console`)];

  const ours = await command(({ tx }) =>
    tx.phoneRoute.findMany({ select: { number: true }, orderBy: { number: 'asc' } }),
  );
  const theirs = new Map((await incomingNumbers()).map((number) => [number.number, number]));
  return ours.flatMap(({ number }) => checkNumber(number, theirs.get(number)));
}

function checkNumber(number: string, at: TwilioNumber | undefined): readonly Finding[] {
  if (!at)
    return [
      wrong(`${number} belongs to a business here, and not to the Twilio account: buy it there, or take it out here`),
    ];
  const { APP_URL } = env();
  const must = {
    voice: `POST ${APP_URL}/api/twilio/voice`,
    status: `POST ${APP_URL}/api/twilio/voice/status`,
    texts: `POST ${APP_URL}/api/twilio/messages`,
  };
  return [
    ...(at.voice === must.voice ? [] : [wrong(`${number}: set "A call comes in" to ${must.voice}`)]),
    ...(at.status === must.status ? [] : [wrong(`${number}: set "Call status changes" to ${must.status}`)]),
    ...(at.texts === must.texts
      ? []
      : [doubtful(`${number}: set "A message comes in" to ${must.texts}, or STOP is not heard here`)]),
    ...(at.hasFallback
      ? []
      : [
          doubtful(
            `${number}: "Primary handler fails" is empty: host public/fallback.xml elsewhere, and name it there`,
          ),
        ]),
  ];
}

/** Whether the application answers at the address that Twilio calls, and refuses who is not Twilio. */
export async function checkAddress(): Promise<readonly Finding[]> {
  const { APP_URL } = env();
  const url = `${APP_URL}/api/twilio/voice`;
  let status: number;
  try {
    const response = await fetch(url, { method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    return [
      wrong(
        `APP_URL: nothing answers there (${codeOf(error)}): start the application, or see to DNS, certificate and proxy`,
      ),
    ];
  }
  if (status === 403) return [];
  return [
    wrong(
      `APP_URL: ${url} answers ${status}, where an unsigned call must get 403: it is not this application, or something stands before it`,
    ),
  ];
}
