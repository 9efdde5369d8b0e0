import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_PEOPLE_RUNG } from '@/lib/rules/call';
import { type Address, type Place, placeAt, STEPS, type Step, VOICE_WEBHOOKS } from '@/lib/rules/call-address';
import { callFlow, fallbackAnswer, unknownNumberAnswer } from '@/lib/rules/call-flow';
import type { Instruction } from '@/lib/rules/instructions';
import { phrases } from '@/lib/rules/speech';
import {
  actionOf,
  anyBusiness,
  anyCall,
  anyFields,
  anyNow,
  arrive,
  caller,
  clinic,
  type Fields,
  MONDAY_10_AM,
  placeCall,
  RINGS,
  SUNDAY_9_PM,
  spoken,
  verbs,
} from './calls';

const words = phrases.en;
const key = (digits: string): Fields => ({ Digits: digits });
const says = (speech: string): Fields => ({ SpeechResult: speech });
const nobody: Fields = { DialCallStatus: 'no-answer', DialBridged: 'false' };
const talked: Fields = { DialCallStatus: 'completed', DialBridged: 'true' };
const silence: Fields = {};
const message: Fields = { RecordingUrl: 'https://api.twilio.com/RE1', RecordingDuration: '12', Digits: '#' };
const emptyMessage: Fields = { RecordingUrl: 'https://api.twilio.com/RE1', RecordingDuration: '0' };

/** The last answer of a call: what is heard, which verbs, which kinds of facts. */
const last = (answers: ReturnType<typeof placeCall>) => {
  const answer = answers.at(-1);
  if (answer === undefined) throw new Error('No answer.');
  return { ...answer, heard: spoken(answer.instructions), verbs: verbs(answer.instructions) };
};
const kinds = (answers: ReturnType<typeof placeCall>) =>
  answers.flatMap(({ facts }) => facts.events.map(({ kind }) => kind));

describe('a call while the business is closed', () => {
  test('the caller hears the greeting and the notice, and only then the menu', () => {
    const { instructions, facts } = last(placeCall(clinic, SUNDAY_9_PM));
    expect(verbs(instructions)).toEqual(['say', 'say', 'say', 'gather']);
    expect(spoken(instructions)).toEqual([
      'Thank you for calling Bright Smile Dental.',
      words.because.closed,
      words.notice,
      ...Object.values(words.menu),
    ]);
    expect(facts).toMatchObject({ status: 'in_progress', intent: null, urgent: false, said: null });
  });

  test('the owner’s own greeting takes the place of ours', () => {
    const greeting = ' You have reached\nBright Smile\u0000 ';
    expect(last(placeCall({ ...clinic, greeting }, SUNDAY_9_PM)).heard[0]).toBe('You have reached Bright Smile.');
  });

  test('a message is recorded, thanked for, and makes the call completed', () => {
    const answers = placeCall(clinic, SUNDAY_9_PM, says('I’d like to leave a message'), message);
    expect(verbs(answers[1]?.instructions ?? [])).toEqual(['say', 'say', 'record', 'redirect']);
    expect(answers[1]?.facts).toMatchObject({ intent: 'message', said: 'I’d like to leave a message' });
    expect(last(answers)).toMatchObject({
      heard: [words.thanks.message],
      verbs: ['say', 'hangup'],
      facts: { status: 'completed', intent: 'message', urgent: false },
    });
    expect(kinds(answers)).toEqual(['greeted', 'notice_played', 'chose', 'asked_for_message', 'message_left']);
  });

  test('who wants an appointment is asked for the wished time', () => {
    const answers = placeCall(clinic, SUNDAY_9_PM, key('2'), message);
    expect(spoken(answers[1]?.instructions ?? [])).toContain(words.appointment);
    expect(last(answers)).toMatchObject({
      heard: [words.thanks.appointment],
      facts: { status: 'completed', intent: 'appointment' },
    });
  });

  test('the hours are read out and the menu comes back, twice, and then a message', () => {
    const once = last(placeCall(clinic, SUNDAY_9_PM, key('3')));
    expect(once.heard[0]).toBe('We are open Monday to Friday from 9 am to 5 pm. We are closed on Saturday and Sunday.');
    expect(once.heard.slice(1)).toEqual(Object.values(words.menu));
    expect(once.facts.intent).toBe('hours');
    expect(last(placeCall(clinic, SUNDAY_9_PM, key('3'), key('3'))).verbs).toEqual(['gather']);
    const thrice = last(placeCall(clinic, SUNDAY_9_PM, key('3'), key('3'), key('3')));
    expect(thrice.heard[0]).toBe(words.lead.no_more_hours);
    expect(thrice.verbs).toContain('record');
  });

  test('a caller who says nothing hears the menu twice more and still ends up at a message', () => {
    const answers = placeCall(clinic, SUNDAY_9_PM, silence, silence, silence, message);
    expect(answers.map(({ instructions }) => spoken(instructions)[0])).toEqual([
      'Thank you for calling Bright Smile Dental.',
      words.heardNothing,
      words.heardNothing,
      words.lead.in_any_case,
      words.thanks.message,
    ]);
    expect(last(answers).facts).toMatchObject({ status: 'completed', intent: 'message' });
  });

  test('a caller who is not understood is told so, and their words are kept', () => {
    const { heard, facts } = last(placeCall(clinic, SUNDAY_9_PM, says('banana')));
    expect(heard[0]).toBe(words.notUnderstood);
    expect(facts).toMatchObject({ said: 'banana', events: [{ kind: 'not_understood', attempt: 1, silent: false }] });
  });

  test('an empty recording is asked for once more, then the call ends with a goodbye', () => {
    const again = last(placeCall(clinic, SUNDAY_9_PM, key('1'), emptyMessage));
    expect(again.heard).toEqual([words.nothingRecorded]);
    expect(again.verbs).toEqual(['say', 'record', 'redirect']);
    const end = last(placeCall(clinic, SUNDAY_9_PM, key('1'), emptyMessage, silence));
    expect(end).toMatchObject({ heard: [words.goodbyeWithoutMessage], verbs: ['say', 'hangup'] });
    expect(end.facts.status).toBeNull();
  });

  test('a recording of unknown length counts as a message', () => {
    const { heard } = last(
      placeCall(clinic, SUNDAY_9_PM, key('1'), { RecordingSid: 'RE1', RecordingDuration: 'soon' }),
    );
    expect(heard).toEqual([words.thanks.message]);
  });
});

describe('an emergency', () => {
  test('rings the duty list in order, and ends in an urgent message when nobody takes it', () => {
    const answers = placeCall(clinic, SUNDAY_9_PM, says('this is an emergency'), nobody, nobody, message);
    const rung = answers.flatMap(({ instructions }) =>
      instructions.flatMap((one) => (one.verb === 'dial' ? one.numbers.map(({ number }) => number) : [])),
    );
    expect(rung).toEqual(['+14155550101', '+14155550102']);
    expect(answers[1]).toMatchObject({ facts: { intent: 'emergency', urgent: true } });
    expect(spoken(answers[1]?.instructions ?? [])).toEqual([words.lead.in_danger, words.ringingOnCall]);
    expect(spoken(answers[3]?.instructions ?? [])).toEqual([
      words.lead.nobody_on_call,
      words.urgent,
      words.howToFinish,
    ]);
    expect(last(answers)).toMatchObject({
      heard: [words.thanks.urgent],
      facts: { status: 'completed', intent: 'emergency', urgent: true },
    });
  });

  test('goes straight to an urgent message when there is nobody to ring', () => {
    const { heard, verbs } = last(placeCall({ ...clinic, duty: [] }, SUNDAY_9_PM, key('4')));
    expect(heard).toEqual([words.lead.in_danger, words.urgent, words.howToFinish]);
    expect(verbs).toContain('record');
  });

  test('rings nobody where the business puts no emergencies through', () => {
    const { heard, verbs } = last(placeCall({ ...clinic, ringInEmergency: false }, SUNDAY_9_PM, key('4')));
    expect(heard).toEqual([words.lead.in_danger, words.urgent, words.howToFinish]);
    expect(verbs).not.toContain('dial');
  });

  test('taken by somebody, it stays an emergency and counts as forwarded', () => {
    const { facts, heard } = last(placeCall(clinic, SUNDAY_9_PM, key('4'), talked));
    expect(facts).toMatchObject({ status: 'forwarded', intent: null });
    expect(heard).toEqual([words.goodbye]);
  });
});

describe('a call while the business is open', () => {
  test('is answered at once where the business rings nobody first', () => {
    const { heard, verbs } = last(placeCall({ ...clinic, ringWhenOpen: false }, MONDAY_10_AM));
    expect(heard).toContain(words.because.nobody_free);
    expect(verbs).toContain('gather');
  });

  test('rings the people on duty in order without a word, then goes on as closed', () => {
    const answers = placeCall(clinic, MONDAY_10_AM, nobody, nobody);
    expect(answers.map(({ instructions }) => verbs(instructions))).toEqual([
      ['dial'],
      ['dial'],
      ['say', 'say', 'say', 'gather'],
    ]);
    expect(answers[0]?.facts.status).toBe('ringing');
    expect(last(answers).heard[1]).toBe(words.because.nobody_free);
    expect(last(answers).facts.status).toBe('in_progress');
  });

  test('taken, it is forwarded and ends with a goodbye', () => {
    const { facts, heard, verbs } = last(placeCall(clinic, MONDAY_10_AM, talked));
    expect(facts).toMatchObject({ status: 'forwarded', intent: 'forwarded' });
    expect([heard, verbs]).toEqual([[words.goodbye], ['say', 'hangup']]);
  });

  test('when Twilio does not say whether they spoke, the key pressed at the whisper decides', () => {
    const at: Address = { webhook: 'dial-result', place: placeAt('duty') };
    const result = (taken: boolean) => callFlow(clinic, { ...caller, taken }, arrive(at, {}), MONDAY_10_AM);
    expect(result(true).facts.status).toBe('forwarded');
    expect(verbs(result(false).instructions)).toEqual(['dial']);
  });

  test('an answering machine is not connected: without key 1 the whisper ends in a hang-up', () => {
    const whisper: Address = { webhook: 'whisper', place: placeAt('duty', { person: 1 }) };
    const asks = callFlow(clinic, caller, arrive(whisper, {}), MONDAY_10_AM);
    expect(spoken(asks.instructions).slice(0, 2)).toEqual(['A call for Bright Smile Dental.', words.pressToTake]);
    expect(verbs(asks.instructions)).toEqual(['gather', 'say', 'hangup']);
    const answered = asks.instructions.map(actionOf).find((address) => address !== null) ?? whisper;
    const takes = callFlow(clinic, caller, arrive(answered, key('1')), MONDAY_10_AM);
    expect(verbs(takes.instructions)).toEqual(['say']);
    expect(takes.facts).toMatchObject({ status: 'in_progress', events: [{ kind: 'person_took_it', person: 1 }] });
    for (const fields of [key('2'), key('#'), {}]) {
      const declines = callFlow(clinic, caller, arrive(answered, fields), MONDAY_10_AM);
      expect(verbs(declines.instructions)).toEqual(['say', 'hangup']);
      expect(declines.facts).toMatchObject({ status: null, events: [{ kind: 'person_declined', person: 1 }] });
    }
  });

  test('an urgent call says so at the whisper', () => {
    const whisper: Address = { webhook: 'whisper', place: placeAt('emergency') };
    expect(spoken(callFlow(clinic, caller, arrive(whisper, {}), SUNDAY_9_PM).instructions)[0]).toBe(
      'An urgent call for Bright Smile Dental.',
    );
  });

  test('a withheld caller is shown as the business’s own number, any other as themselves', () => {
    const shown = (call: typeof caller) =>
      callFlow(clinic, call, RINGS, MONDAY_10_AM).instructions.map((one) => (one.verb === 'dial' ? one.callerId : ''));
    expect(shown(caller)).toEqual([null]);
    expect(shown({ ...caller, caller: { kind: 'withheld' } })).toEqual([clinic.number]);
  });
});

test('V2.3.2 past the month’s minutes a caller hears the greeting and leaves a message, also in opening hours', () => {
  for (const now of [MONDAY_10_AM, SUNDAY_9_PM]) {
    const answers = placeCall({ ...clinic, service: 'message_only' }, now, message);
    expect(verbs(answers[0]?.instructions ?? [])).toEqual(['say', 'say', 'say', 'say', 'say', 'record', 'redirect']);
    expect(last(answers).heard).toEqual([words.thanks.message]);
  }
});

test.each(['robot', 'blocked'] as const)('whoever screening found to be %s is rejected without a word', (verdict) => {
  const { instructions, facts } = callFlow(clinic, caller, { kind: 'rings', verdict }, MONDAY_10_AM);
  expect(instructions).toEqual([{ verb: 'reject', reason: 'rejected' }]);
  expect(facts).toMatchObject({ status: 'rejected', events: [{ kind: 'rejected', because: verdict }] });
});

test('a forged number alone is written down, and its caller answered like any other', () => {
  const forged = callFlow(clinic, caller, { kind: 'rings', verdict: 'forged' }, SUNDAY_9_PM);
  const usual = callFlow(clinic, caller, RINGS, SUNDAY_9_PM);
  expect(forged.instructions).toEqual(usual.instructions);
  expect(forged.facts.events.map(({ kind }) => kind)).toEqual(['forged', 'greeted', 'notice_played']);
});

test('a number that nobody owns is told so, and hung up', () => {
  expect(verbs(unknownNumberAnswer())).toEqual(['say', 'hangup']);
});

test('the same request twice gives the same keys, and no two facts of a call share one', () => {
  const keysOf = () =>
    placeCall(
      clinic,
      MONDAY_10_AM,
      nobody,
      nobody,
      key('3'),
      silence,
      key('3'),
      says('emergency'),
      nobody,
      nobody,
    ).flatMap(({ facts }) => facts.events.map((event) => event.key));
  expect(keysOf()).toEqual(keysOf());
  expect(new Set(keysOf()).size).toBe(keysOf().length);
});

// Whatever happens.

/** How far a place is on the way through a call: a later step, then a later reading, attempt or person. */
function progress({ step, hoursRead, attempt, person }: Place): number {
  const stage: Readonly<Record<Step, number>> = {
    duty: 0,
    menu: 1,
    emergency: 2,
    message: 3,
    appointment: 3,
    urgent: 3,
  };
  const isRinging = step === 'duty' || step === 'emergency';
  return stage[step] * 1e7 + (step === 'menu' ? hoursRead * 1e3 : 0) + (isRinging ? person : attempt);
}

const anyPlace: fc.Arbitrary<Place> = fc.record({
  step: fc.constantFrom(...STEPS),
  attempt: fc.integer({ min: 1, max: 999 }),
  person: fc.nat({ max: 999 }),
  hoursRead: fc.nat({ max: 999 }),
});
const anyAddress: fc.Arbitrary<Address> = fc.record({ webhook: fc.constantFrom(...VOICE_WEBHOOKS), place: anyPlace });

/** A document is whole when something is heard or rung, and it ends by hanging up or by handing the call on. */
function expectWhole(instructions: readonly Instruction[]): void {
  const heard = spoken(instructions);
  const said = heard.some((text) => text.trim() !== '');
  expect(heard.every((text) => text.trim() !== '' && text.length <= 4096)).toBe(true);
  expect(said || verbs(instructions).some((verb) => verb === 'record' || verb === 'dial')).toBe(true);
  expect(verbs(instructions)).not.toContain('reject');
  const end = instructions.at(-1);
  const handsOn =
    end?.verb === 'dial' || end?.verb === 'redirect' || (end?.verb === 'gather' && end.actionOnEmptyResult);
  const connects = heard.length === 1 && heard[0] === words.connecting;
  const hangsUp = end?.verb === 'hangup' && (heard.at(-1) ?? '').includes('Goodbye');
  expect(handsOn || hangsUp || connects).toBe(true);
}

describe('whatever arrives', () => {
  const LONGEST_CALL = 30;
  /** Callers who do something else each time, and callers who stubbornly do the same. */
  const anyRequest = fc.tuple(anyFields, fc.nat());
  const anyRequests = fc.oneof(
    fc.array(anyRequest, { minLength: LONGEST_CALL, maxLength: LONGEST_CALL }),
    anyRequest.map((request) => Array.from({ length: LONGEST_CALL }, () => request)),
  );

  test('a call ends with a goodbye, within a bound, and every answer on the way is heard or rings', () => {
    fc.assert(
      fc.property(anyBusiness, anyCall, anyNow, anyRequests, (business, call, now, requests) => {
        let answer = callFlow(business, call, RINGS, now);
        let noticed = false;
        for (const [fields, fork] of requests) {
          expectWhole(answer.instructions);
          for (const instruction of answer.instructions) {
            if (instruction.verb === 'say' && instruction.text === words.notice) noticed = true;
            if (instruction.verb === 'record') expect(noticed).toBe(true);
          }
          const ways = answer.instructions.map(actionOf).filter((address) => address !== null);
          const next = ways[fork % Math.max(1, ways.length)];
          if (next === undefined) return;
          answer = callFlow(business, call, arrive(next, fields), now);
        }
        throw new Error(`The call still goes on after ${LONGEST_CALL} requests.`);
      }),
      { numRuns: 500 },
    );
  });

  test('from any place and with any event a call only moves on, never in a circle', () => {
    fc.assert(
      fc.property(anyBusiness, anyCall, anyNow, anyAddress, anyFields, (business, call, now, address, fields) => {
        const event = arrive(address, fields);
        const { instructions } = callFlow(business, call, event, now);
        expectWhole(instructions);
        for (const next of instructions.map(actionOf)) {
          if (next === null) continue;
          if (event.kind === 'picks_up') expect(next.place.attempt).toBe(address.place.attempt + 1);
          else expect(progress(next.place)).toBeGreaterThan(progress(address.place));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('neither the called number nor the caller is ever rung, and never more than a few people', () => {
    fc.assert(
      fc.property(anyBusiness, anyCall, fc.constantFrom<Step>('duty', 'emergency'), (business, call, step) => {
        const forbidden = [business.number, ...(call.caller.kind === 'number' ? [call.caller.e164] : [])];
        const digits = (number: string) => number.replace(/\D/g, '');
        let rung = 0;
        for (let person = -1; person < 12; person += 1) {
          const event = { kind: 'rung', at: placeAt(step, { person }), bridged: false } as const;
          const { instructions } = callFlow(business, call, event, MONDAY_10_AM);
          const dial = instructions.find(({ verb }) => verb === 'dial');
          if (dial?.verb !== 'dial') break;
          rung += 1;
          person = dial.action.place.person - 1;
          expect(dial.numbers).not.toHaveLength(0);
          for (const { number } of dial.numbers) expect(forbidden.map(digits)).not.toContain(digits(number));
        }
        expect(rung).toBeLessThanOrEqual(MOST_PEOPLE_RUNG);
      }),
    );
  });

  test('the next addresses hold nothing that the caller said or who they are', () => {
    const answers = placeCall(clinic, SUNDAY_9_PM, says('emergency, I am Jane Roe, +12125550199'));
    const addresses = JSON.stringify(last(answers).instructions.map(actionOf));
    expect(addresses).not.toMatch(/Jane|2125550199|emergency,/);
  });
});

describe('without a business or a database', () => {
  test('the fallback always lets the caller leave a message, with its notice, and ends', () => {
    fc.assert(
      fc.property(fc.option(anyAddress, { nil: null }), anyFields, (address, fields) => {
        const event = address === null ? RINGS : arrive(address, fields);
        const instructions = fallbackAnswer(event);
        expectWhole(instructions);
        const records = instructions.some(({ verb }) => verb === 'record');
        if (records) expect(spoken(instructions)).toContain(words.notice);
        for (const next of instructions.map(actionOf)) {
          if (next === null || next.webhook === 'whisper') continue;
          expect(next.webhook).toBe('recorded');
          expect(verbs(fallbackAnswer(arrive(next, fields)))).toEqual(['say', 'hangup']);
        }
      }),
    );
  });

  test('an emergency that meets a fault stays urgent', () => {
    const address: Address = { webhook: 'dial-result', place: placeAt('emergency') };
    const record = fallbackAnswer(arrive(address, nobody)).find(({ verb }) => verb === 'record');
    expect(record?.verb === 'record' && record.action.place.step).toBe('urgent');
  });

  test('who has left a message, or spoken to somebody, is not asked for another', () => {
    const recorded: Address = { webhook: 'recorded', place: placeAt('message') };
    expect(spoken(fallbackAnswer(arrive(recorded, message)))).toEqual([words.thanks.message]);
    const rung: Address = { webhook: 'dial-result', place: placeAt('duty') };
    expect(spoken(fallbackAnswer(arrive(rung, talked)))).toEqual([words.goodbye]);
  });
});

test('a message that is written down live is listened to from behind the notice to the end of the recording', () => {
  const live = { ...clinic, transcripts: 'live' } as const;
  const answers = placeCall(live, SUNDAY_9_PM, key('1'), message);
  const [greeting, question, thanks] = answers.map(({ instructions }) => verbs(instructions));
  expect(greeting).not.toContain('start_transcription');
  expect(question?.slice(-3)).toEqual(['start_transcription', 'record', 'redirect']);
  expect(thanks?.[0]).toBe('stop_transcription');
  expect(answers[1]?.instructions).toContainEqual(expect.objectContaining({ verb: 'record', transcribe: false }));
  const usual = placeCall(clinic, SUNDAY_9_PM, key('1'), message).flatMap(({ instructions }) => verbs(instructions));
  expect(usual.filter((verb) => verb.endsWith('transcription'))).toEqual([]);
});
