/**
 * "What happens to a call on Sunday at 9 pm?" for the owner's screen. Not a second description of the call: a pretend
 * caller walks through `callFlow`, and what it answers is told in plain English.
 */

import type { Business, CallSoFar } from './call';
import type { CallEvent } from './call-event';
import { callFlow } from './call-flow';
import type { Dial, Instruction } from './instructions';

/** One part of the preview: when it happens, and what happens then, a sentence each. */
export type PreviewStep = { readonly when: string; readonly what: readonly string[] };

const PRETEND_CALL: CallSoFar = { caller: { kind: 'withheld' }, taken: false, cameBack: false };

/** Ways a caller can go from the menu, as keys. '' is a caller who says nothing. */
const WAYS: readonly { readonly when: string; readonly digits: string }[] = [
  { when: 'If they choose to leave a message', digits: '1' },
  { when: 'If they choose to book an appointment', digits: '2' },
  { when: 'If they ask for your hours', digits: '3' },
  { when: 'If they say it is an emergency', digits: '4' },
  { when: 'If they say nothing, or nothing we understand', digits: '' },
];

/** What happens to a call at an instant if nobody picks up: from the ring to the menu, then each way from there. */
export function previewCall(business: Business, at: Date): readonly PreviewStep[] {
  const begin = walk(business, at, { kind: 'rings', verdict: null });
  const menu = begin.last;
  const steps: PreviewStep[] = [{ when: 'When somebody calls', what: begin.what }];
  if (menu?.verb !== 'gather') return steps;
  for (const { when, digits } of WAYS) {
    const event: CallEvent = { kind: 'answers', at: menu.action.place, digits, speech: '' };
    steps.push({ when, what: walk(business, at, event).what });
  }
  return steps;
}

type Walk = { readonly what: readonly string[]; readonly last: Instruction | undefined };

/** Follows a call on which nobody picks up and every message is left, until it ends or offers the menu. */
function walk(business: Business, at: Date, event: CallEvent): Walk {
  const { instructions } = callFlow(business, PRETEND_CALL, event, at);
  const what = instructions.flatMap((instruction) => tell(business, at, instruction));
  const last = instructions.find(({ verb }) => verb === 'dial' || verb === 'record' || verb === 'gather');
  const next = nextEvent(last, event);
  if (next === null) return { what, last };
  const rest = walk(business, at, next);
  return { what: [...what, ...rest.what], last: rest.last };
}

function nextEvent(last: Instruction | undefined, event: CallEvent): CallEvent | null {
  switch (last?.verb) {
    case 'dial':
      return { kind: 'rung', at: last.action.place, bridged: false };
    case 'record':
      return { kind: 'recorded', at: last.action.place, seconds: null, hasRecording: true };
    case 'gather': {
      const staysSilent = event.kind === 'answers' && event.digits === '' && last.action.place.step === 'menu';
      return staysSilent ? { ...event, at: last.action.place } : null;
    }
    default:
      return null;
  }
}

function tell(business: Business, at: Date, instruction: Instruction): readonly string[] {
  switch (instruction.verb) {
    case 'say':
      return [`They hear: “${instruction.text}”`];
    case 'gather':
      return [`They hear: “${instruction.says.map(({ text }) => text).join(' ')}”`, 'They answer by voice or by key.'];
    case 'dial':
      return instruction.numbers.map((person) => tellRing(business, at, person, instruction.timeout));
    case 'record':
      return [`They can speak for up to ${Math.floor(instruction.maxLength / 60)} minutes.`];
    case 'hangup':
      return ['The call ends.'];
    case 'reject':
      return ['The call is refused.'];
    case 'start_transcription':
    case 'stop_transcription':
    case 'redirect':
      return [];
  }
}

function tellRing(business: Business, at: Date, { number, whisper }: Dial['numbers'][number], seconds: number): string {
  const name = business.duty.find((person) => person.number === number)?.name || number;
  const event: CallEvent = { kind: 'picks_up', at: whisper.place, digits: '' };
  const { instructions } = callFlow(business, PRETEND_CALL, event, at);
  const heard = instructions.flatMap((told) => (told.verb === 'gather' ? told.says.map(({ text }) => text) : []));
  return `We ring ${name} for ${seconds} seconds. ${name} hears: “${[...new Set(heard)].join(' ')}”`;
}
