import { callBack } from './callbacks';
import type { Endpoint } from './endpoint';
import type { CallStatus } from './events';
import type { Leg } from './leg';
import { secondsOf } from './network';
import { type Parameters, rfc2822, standardParameters } from './requests';

/** Who wants to know how a leg goes, of what, and how much they have been told. */
export type Progress = {
  readonly endpoint: Endpoint;
  readonly events: readonly string[];
  told: number;
};

type ProgressEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

const STATUS: Readonly<Record<Exclude<ProgressEvent, 'completed'>, string>> = {
  initiated: 'initiated',
  ringing: 'ringing',
  answered: 'in-progress',
};

/** How the telephone network itself says why nobody was reached. */
const SIP_CODES: Readonly<Partial<Record<CallStatus, string>>> = { busy: '486', 'no-answer': '487' };

/** Reports an event of a leg to whoever wants that one. Every event has its number, wanted or not. */
export async function reportProgress(leg: Leg, progress: Progress | null, event: ProgressEvent): Promise<void> {
  if (progress === null) return;
  const number = progress.told++;
  if (!progress.events.includes(event)) return;
  await callBack(leg, 'status', progress.endpoint, {
    ...standardParameters(leg.network, leg.call, leg.place),
    ...(event === 'completed' ? lengthOf(leg) : { CallStatus: STATUS[event] }),
    Timestamp: rfc2822(leg.clock.now()),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(number),
  });
}

/** Seconds, and minutes as Twilio charges them. */
function lengthOf({ call }: Leg): Parameters {
  const seconds = secondsOf(call);
  const sip = call.direction === 'inbound' ? undefined : SIP_CODES[call.status];
  return {
    CallDuration: String(seconds),
    Duration: String(Math.ceil(seconds / 60)),
    ...(sip === undefined ? {} : { SipResponseCode: sip }),
  };
}
