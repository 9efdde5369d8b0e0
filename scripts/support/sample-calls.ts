/** Places the demo's calls through the pretend phone network that runs beside it. */
import { DateTime } from 'luxon';
import pg from 'pg';
import { samples } from '@/prisma/samples';
import { type ClientCall, callThrough } from '@/simulator/client';
import { announce, lineFor, type Screen } from './phone-screen';
import { sampleMonth, workThroughList } from './sample-month';

/** Calls at the same time: enough to be quick, few enough to leave the machine to the person in front of it. */
const AT_ONCE = 3;

const network = () => {
  const { TWILIO_API_BASE_URL = '', TWILIO_ACCOUNT_SID: accountSid = '', TWILIO_AUTH_TOKEN = '' } = process.env;
  const [authToken = ''] = TWILIO_AUTH_TOKEN.split(',');
  return { url: TWILIO_API_BASE_URL, credentials: { accountSid, authToken } };
};

const place = (call: ClientCall, onEvent?: Parameters<typeof callThrough>[3]) => {
  const { url, credentials } = network();
  return callThrough(url, credentials, call, onEvent);
};

/** The month before today, where nobody has called yet. Most of it is worked through; some of the last day waits. */
export async function placeSampleMonth(): Promise<void> {
  const now = new Date();
  const directUrl = process.env.DIRECT_URL ?? '';
  if (await hasCalls(directUrl)) return;
  const calls = [...sampleMonth(now)];
  const lines = Array.from({ length: AT_ONCE }, async () => {
    for (let call = calls.shift(); call; call = calls.shift()) await place(call);
  });
  await Promise.all(lines);
  await workThroughList(directUrl, DateTime.fromJSDate(now).minus({ days: 2 }).toJSDate());
}

async function hasCalls(directUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: directUrl });
  await client.connect();
  try {
    return Boolean((await client.query('SELECT FROM calls LIMIT 1')).rowCount);
  } finally {
    await client.end();
  }
}

/** Somebody calls the clinic on its last evening at four past nine; printed as it happens. */
export async function placeEveningCall(): Promise<void> {
  const { number: to, zone } = samples.clinic;
  const today = DateTime.now().setZone(zone).set({ hour: 21, minute: 4, second: 0, millisecond: 0 });
  const at = (today > DateTime.now() ? today.minus({ days: 1 }) : today).toJSDate();
  const from = '+12125550187';
  const screen: Screen = {
    width: Math.min(process.stdout.columns || 100, 100),
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
    zone,
    typed: false,
  };
  const script = [
    { say: 'I would like to leave a message' },
    {
      message:
        'Hello, this is Alice Moreno. My daughter has had an earache since this afternoon. Could you call me back first thing in the morning?',
      after: { press: '#' },
    },
  ] as const;
  process.stdout.write(`\n${announce(to, from, at, screen)}\n`);
  const { ended } = await place({ to, from, at, script }, (event) => {
    const line = lineFor(event, screen);
    if (line !== null) process.stdout.write(`${line}\n`);
  });
  if (ended.how === 'application error') throw new Error('The call did not go through.');
}
