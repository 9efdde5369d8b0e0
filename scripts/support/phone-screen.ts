/** A phone call on a terminal: one line for each thing heard or done, with its time. */
import { styleText } from 'node:util';
import { DateTime } from 'luxon';
import { formatPhone } from '@/lib/rules/phone-number';
import type { CallEvent, CompletedCall } from '@/simulator/events';
import type { CallerAct } from '@/simulator/script';

type Style = 'bold' | 'dim' | 'red';

export type Screen = {
  readonly width: number;
  readonly colour: boolean;
  /** The IANA zone whose clock is shown. */
  readonly zone: string;
  /** Whether what the caller does is on the screen already, because it was typed there. */
  readonly typed: boolean;
};

const TIME_COLUMN = 10;
const SPEAKER_COLUMN = 9;

/** The first lines: who calls whom, and what day it is there. */
export function announce(to: string, from: string, at: Date, screen: Screen): string {
  const moment = DateTime.fromJSDate(at, { zone: screen.zone }).toFormat('cccc d LLLL yyyy, HH:mm');
  return `${style('bold', `Calling ${formatPhone(to)} from ${formatPhone(from)}`, screen)}\n${moment} (${screen.zone})\n`;
}

/** The line for one event, or null for what nobody on the phone would notice. */
export function lineFor(event: CallEvent, screen: Screen): string | null {
  const line = (speaker: string, text: string, how?: Style) => layOut(event.at, speaker, text, screen, how);
  switch (event.type) {
    case 'ringing':
      return line('', 'It rings.', 'dim');
    case 'heard':
      return event.by === 'caller'
        ? line('Line', event.text)
        : line('Line', `to ${formatPhone(event.by)}: ${event.text}`, 'dim');
    case 'waited':
      return line('', `A pause of ${seconds(event.seconds)}.`, 'dim');
    case 'did':
      if (event.by !== 'caller') return line('', `${formatPhone(event.by)} ${inWords(event.act, 's')}.`, 'dim');
      return screen.typed ? null : line('You', inWords(event.act, ''));
    case 'dialled':
      return line('', `The phone at ${formatPhone(event.number)} rings.`, 'dim');
    case 'picked up':
      return line('', `${formatPhone(event.number)} picks up.`, 'dim');
    case 'not reached':
      return line('', `${formatPhone(event.number)}: ${event.why}.`, 'dim');
    case 'connected':
      return line('', `You talk with ${formatPhone(event.number)} for ${seconds(event.seconds)}.`);
    case 'recorded':
      return line('', `A recording of ${seconds(event.seconds)}.`, 'dim');
    case 'failed':
      return line('', `The network reports error ${event.code} at ${event.url}: ${event.message}.`, 'red');
    case 'ended':
      return line('', `${ENDINGS[event.how]} ${seconds(event.seconds)} on the line.`, 'bold');
    case 'called back':
      return line(
        '',
        `Afterwards: ${event.about}, ${event.status === null ? 'nobody answered' : `HTTP ${event.status}`}.`,
        'dim',
      );
    case 'lost':
      return line('', `Lost on the way: ${event.webhook}.`, 'dim');
    case 'answered':
    case 'requested':
    case 'asked':
      return null;
  }
}

const ENDINGS: Readonly<Record<CompletedCall['ended']['how'], string>> = {
  'document ended': 'The line hung up.',
  'line hung up': 'The line hung up.',
  'caller hung up': 'You hung up.',
  rejected: 'The call was not accepted.',
  'application error': 'The call broke off: the product gave no usable answer.',
  'time limit': 'The network ended the call: it went on for too long.',
};

/** What is done, as "press 1" for oneself and, with `s`, "presses 1" for somebody else. */
function inWords(act: CallerAct, s: '' | 's'): string {
  if (act === 'silence') return s === '' ? '(silence)' : 'says nothing';
  if (act === 'hang up') return s === '' ? 'hang up' : 'hangs up';
  if ('press' in act) return `press${s && 'es'} ${act.press}`;
  return `“${act.say}”`;
}

function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}

function layOut(at: string, speaker: string, text: string, screen: Screen, how?: Style): string {
  const time = DateTime.fromISO(at, { zone: screen.zone }).toFormat('HH:mm:ss').padEnd(TIME_COLUMN);
  const room = Math.max(20, screen.width - TIME_COLUMN - SPEAKER_COLUMN);
  const [first = '', ...rest] = wrap(text, room).map((part) => (how === undefined ? part : style(how, part, screen)));
  const indent = ' '.repeat(TIME_COLUMN + SPEAKER_COLUMN);
  return [
    style('dim', time, screen) + style('bold', speaker.padEnd(SPEAKER_COLUMN), screen) + first,
    ...rest.map((part) => indent + part),
  ].join('\n');
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function style(how: Style, text: string, screen: Screen): string {
  return screen.colour && text !== '' ? styleText(how, text) : text;
}
