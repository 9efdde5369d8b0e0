// @ts-check
/** The phone: dials, shows and speaks what the line says, and lets the person press, speak, type or hang up. */
import { act, given, goWrong, placeCall, readTexts, write } from './line.mjs';
import { hush, openMicrophone, pause, soundBeep, soundKey, soundRing, speak } from './sound.mjs';

/** @typedef {import('./line.mjs').CallEvent} CallEvent */
/** @typedef {import('./line.mjs').CallerAct} CallerAct */
/** @typedef {Extract<CallEvent, { type: 'asked' }>} Asked */
/**
 * A call in progress. What the network tells waits in `inbox` until it is its turn to be heard; `asked` is what the line
 * listens for now; `keys` are pressed and not yet sent; in a hurry nothing is spoken to its end.
 * @typedef {{
 *   sid: string, zone: string, inbox: CallEvent[], wake: () => void, isEnded: boolean, isToldWhole: boolean,
 *   asked: Asked | null, keys: string, words: string | null, isHurried: boolean, isLeaving: boolean,
 * }} Call
 */

/** @template {HTMLElement} [Kind=HTMLElement] @param {string} id @returns {Kind} */
const part = (id) => /** @type {Kind} */ (document.getElementById(id));
/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (part(id));
/** @param {string} id */
const button = (id) => /** @type {HTMLButtonElement} */ (part(id));

/** @type {Call | null} */
let call = null;

/** @type {Record<string, import('../faults').Faults>} */
const FAULTS = {
  nothing: {},
  twice: { twice: { voice: 1, action: 1, text: 1, status: 1, recording: 1, transcription: 1, live: 1, delivery: 1 } },
  shuffled: { shuffled: 600 },
  lost: { lost: { status: 1, recording: 1, transcription: 1, live: 1, delivery: 1 } },
  undelivered: { undelivered: 1 },
};

// The keys and the numbers one can call.

const LETTERS = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '', ''];

/** @param {string} key @param {number} index */
function layKey(key, index) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = key;
  const letters = textual('small', LETTERS[index] || '\u00a0');
  letters.ariaHidden = 'true';
  element.append(letters);
  element.addEventListener('click', () => press(key));
  part('keypad').append(element);
}

/** @param {import('../network').PhoneLine} line */
function layLine({ number, name }) {
  const element = document.createElement('button');
  element.type = 'button';
  element.append(textual('span', name), textual('span', spaced(number)));
  element.addEventListener('click', () => choose(number));
  const item = document.createElement('li');
  item.append(element);
  part('lines').append(item);
}

/** @param {string} number */
function choose(number) {
  input('number').value = spaced(number);
  showName();
}

function showName() {
  const line = lineCalled();
  part('name').textContent = line?.name ?? '';
  part('when-hint').textContent = `Now, or a day and a time in ${placeOf(zoneOf(line))}, as Sunday 21:00.`;
  part('lines')
    .querySelectorAll('button')
    .forEach((element, index) => {
      element.ariaPressed = String(given.lines[index] === line);
    });
}

function lineCalled() {
  return given.lines.find(({ number }) => number === plain(input('number').value));
}

/** Where the line is, or else this browser. @param {import('../network').PhoneLine | undefined} line */
const zoneOf = (line) => line?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "America/New_York" → "New York" @param {string} zone */
const placeOf = (zone) => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

/** As the network takes it. @param {string} number */
const plain = (number) => (/[a-z]/i.test(number) ? number.trim() : number.replace(/[^\d+]/g, ''));
/** As people write it. @param {string} number */
function spaced(number) {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');
}

// A call from the first ring to the last callback.

async function placeOne() {
  const line = lineCalled();
  const people = /** @type {import('../script').Person} */ (input('people').value);
  const when = input('when').value.trim();
  const zone = zoneOf(line);
  /** @type {Call} */
  const placed = {
    ...{ sid: '', zone, inbox: [], wake: () => {}, isEnded: false, isToldWhole: false },
    ...{ asked: null, keys: '', words: null, isHurried: false, isLeaving: false },
  };
  call = placed;
  part('talk').replaceChildren();
  part('steps').replaceChildren();
  part('network-hint').hidden = true;
  part('after').hidden = true;
  showMode('in a call');
  showState('Calling');
  /** @type {unknown} */
  let problem = null;
  try {
    const played = playAll(placed);
    const wanted = {
      ...{ to: plain(input('number').value), from: plain(input('from').value) || 'anonymous' },
      ...{ script: /** @type {const} */ ('interactive'), listens: true, people: { others: people } },
      ...(when === '' || /^now$/i.test(when) ? {} : { at: { moment: when, zone } }),
    };
    await placeCall(wanted, (event) => {
      placed.inbox.push(event);
      placed.wake();
    }).finally(() => {
      placed.isToldWhole = true;
      placed.wake();
    });
    await played;
  } catch (error) {
    problem = error;
  }
  placed.isEnded = true;
  if (call !== placed) return;
  showMode('after a call');
  if (problem !== null) explain(problem);
}

/** Lets what happens be heard, one after the other. @param {Call} placed */
async function playAll(placed) {
  for (;;) {
    const event = placed.inbox.shift();
    if (event !== undefined) await play(placed, event);
    else if (placed.isToldWhole) return;
    else
      await new Promise((resolve) => {
        placed.wake = () => resolve(undefined);
      });
  }
}

/** @param {Call} placed @param {CallEvent} event */
async function play(placed, event) {
  // Somebody has called again, and sees that call now.
  if (placed !== call) return;
  const isSpoken = !placed.isHurried && !placed.isLeaving;
  switch (event.type) {
    case 'ringing':
      placed.sid = event.callSid;
      showState('It rings');
      await soundRing();
      return;
    case 'answered':
      if (event.by === 'caller') showState('On the line');
      return;
    case 'heard':
      if (event.by !== 'caller') return note(`${spaced(event.by)} hears: ${event.text}`);
      if (event.text === '(beep)') {
        note('Beep');
        if (isSpoken) await soundBeep();
        return;
      }
      speech('', event.text);
      if (isSpoken) await speak(event.text, event.language ?? 'en-US', input('aloud').checked);
      // The network waits with what comes next.
      await act(placed.sid, placed.isLeaving ? 'hang up' : 'heard').catch(explain);
      return;
    case 'waited':
      if (isSpoken) await pause(Math.min(event.seconds, 2));
      return;
    case 'asked':
      if (event.by === 'caller') listen(placed, event);
      return;
    case 'did':
      return did(event);
    case 'dialled':
      note(`The phone of ${spaced(event.number)} rings.`);
      if (isSpoken) await soundRing();
      return;
    case 'picked up':
      return note(`${spaced(event.number)} picks up.`);
    case 'not reached':
      return note(`${spaced(event.number)}: ${event.why}.`);
    case 'connected':
      return note(`You talk with ${spaced(event.number)} for ${seconds(event.seconds)}.`);
    case 'recorded':
      return note(`A recording of ${seconds(event.seconds)}.`);
    case 'requested':
      return step(placed, event.at, `${event.method} ${pathOf(event.url)}`, String(event.status));
    case 'called back':
      return step(placed, event.at, `Afterwards: ${event.about}`, String(event.status ?? 'no answer'));
    case 'lost':
      return step(placed, event.at, `Lost on the way: ${event.webhook}`, '', true);
    case 'failed':
      return step(placed, event.at, `${pathOf(event.url)}: ${event.message}`, String(event.code), true);
    case 'ended':
      hush();
      placed.isEnded = true;
      placed.asked = null;
      note(event.seconds === 0 ? ENDINGS[event.how] : `${ENDINGS[event.how]} ${seconds(event.seconds)} on the line.`);
      return showMode('after a call');
  }
}

/** @type {Record<import('../events').Ending, string>} */
const ENDINGS = {
  'document ended': 'The line hung up.',
  'line hung up': 'The line hung up.',
  'caller hung up': 'You hung up.',
  rejected: 'The call was not accepted.',
  'application error': 'The call broke off: the product gave no usable answer.',
  'time limit': 'The network ended the call: it went on for too long.',
};

/** @param {Extract<CallEvent, { type: 'did' }>} event */
function did({ by, act: done }) {
  if (by !== 'caller') {
    if (typeof done === 'object' && 'press' in done) note(`${spaced(by)} presses ${done.press}.`);
  } else if (done === 'silence') note('You say nothing.');
  else if (typeof done === 'string') return;
  else if ('press' in done) speech('you', `Pressed ${[...done.press].join(' ')}`);
  else speech('you', done.say);
}

/** @param {number} count */
const seconds = (count) => (count === 1 ? '1 second' : `${count} seconds`);
/** @param {string} url */
function pathOf(url) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

// What the person does.

/** The line listens. What was done while it still spoke counts. @param {Call} placed @param {Asked} asked */
function listen(placed, asked) {
  placed.asked = asked;
  placed.isHurried = false;
  showMode('in a call');
  if (placed.isLeaving) return answer(placed, 'hang up');
  const { keys, words } = placed;
  if (words !== null) return answer(placed, { say: words });
  if (keys !== '') void sendKeys(placed);
  // Where fingers type, a keyboard would come up over the phone.
  else if (asked.speech && matchMedia('(pointer: fine)').matches) input('words').focus({ preventScroll: true });
}

/** @param {Call} placed @param {CallerAct} done */
function answer(placed, done) {
  placed.asked = null;
  placed.keys = '';
  placed.words = null;
  showMode('in a call');
  showState('On the line');
  act(placed.sid, done).catch(explain);
}

/** Whoever presses a key or speaks interrupts the line, as on any phone. @param {Call} placed */
function interrupt(placed) {
  placed.isHurried = placed.asked === null;
  hush();
}

/** @param {string} key */
function press(key) {
  soundKey(key);
  if (call === null || call.isEnded) {
    input('number').value = plain(input('number').value) + key;
    showName();
  } else {
    call.keys += key;
    interrupt(call);
    if (call.asked !== null) void sendKeys(call);
  }
}

/** Sends what was pressed once it is enough, or nothing more has come for a while. @param {Call} placed */
async function sendKeys(placed) {
  const { keys, asked } = placed;
  const enough = asked?.digits ?? Number.POSITIVE_INFINITY;
  if (keys.length < enough && !keys.endsWith('#')) await pause(1.5);
  if (placed.keys === keys && placed.asked !== null) answer(placed, { press: keys });
}

/** What consists of keys alone is pressed, as in the terminal. @param {string} words */
function sayWords(words) {
  const text = words.trim();
  if (call === null || call.isEnded || text === '') return;
  input('words').value = '';
  if (/^[\d*#]+$/.test(text)) return [...text].forEach(press);
  if (call.asked !== null) answer(call, { say: text });
  else {
    call.words = text;
    interrupt(call);
  }
}

function hangUp() {
  if (call === null) return;
  call.isLeaving = true;
  hush();
  if (call.asked !== null) answer(call, 'hang up');
}

/** Keeps silent; at the end of a message this is the key that ends it. */
function keepSilent() {
  if (call?.asked) answer(call, call.asked.for === 'message' ? { press: '#' } : 'silence');
}

// What is on the screen.

/** @param {'idle' | 'in a call' | 'after a call'} mode */
function showMode(mode) {
  const focused = document.activeElement;
  const asked = call?.asked ?? null;
  const isCalling = mode === 'in a call';
  const isMessage = asked?.for === 'message';
  part('lines').hidden = mode !== 'idle';
  part('talk').hidden = mode === 'idle';
  input('number').readOnly = mode !== 'idle';
  part('say').hidden = !isCalling;
  input('words').placeholder = isMessage ? 'Leave your message' : 'Say something';
  button('call').hidden = isCalling;
  button('call').textContent = mode === 'idle' ? 'Call' : 'Call again';
  button('end').hidden = !isCalling;
  button('silence').hidden = mode === 'idle';
  button('silence').disabled = isCalling && asked === null;
  button('silence').textContent = !isCalling ? 'Another call' : isMessage ? 'Finish' : 'Say nothing';
  if (mode === 'idle') showState('Ready to call');
  if (isCalling && asked !== null) showState(isMessage ? 'Recording' : 'Your turn');
  if (mode === 'after a call') {
    showState('The call is over');
    part('after').hidden = part('steps').childElementCount === 0;
  }
  // Whoever uses keys keeps a place on the phone.
  if (focused?.closest('[hidden]')) part(isCalling ? 'talk' : 'call').focus({ preventScroll: true });
}

/** How things stand. @param {string} state */
function showState(state) {
  part('state').textContent = state;
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
/** @param {unknown} error */
const explain = (error) => showState(messageOf(error));

/** @param {string} kind @param {string} text */
function textual(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

/** @param {'' | 'you' | 'note'} who @param {string} text */
function speech(who, text) {
  const item = textual('p', text);
  item.className = who;
  part('talk').append(item);
  showLast('talk');
}

/** Within its own frame: the page stays where it is. @param {string} id */
function showLast(id) {
  part(id).scrollTop = part(id).scrollHeight;
}

/** @param {string} text */
const note = (text) => speech('note', text);

/** @param {Call} placed @param {string} at @param {string} what @param {string} how @param {boolean} [isWrong] */
function step({ zone }, at, what, how, isWrong = false) {
  const time = textual('time', new Date(at).toLocaleTimeString('en-GB', { timeZone: zone }));
  const item = document.createElement('li');
  item.className = isWrong ? 'wrong' : '';
  const outcome = textual('span', how);
  outcome.className = 'how';
  item.append(time, textual('span', what), outcome);
  part('steps').append(item);
}

// Texts.

/** As many as somebody looks through. */
const MOST_TEXTS = 30;

let shownTexts = '';

async function showTexts() {
  const own = plain(input('from').value);
  const texts = await readTexts().catch(() => []);
  const all = JSON.stringify([own, texts]);
  if (all === shownTexts) return;
  shownTexts = all;
  const items = texts.slice(-MOST_TEXTS).map(({ from, to, body, status, at }) => {
    const item = document.createElement('li');
    item.className = from === own ? 'you' : '';
    item.append(...withLinks(body));
    const time = new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    const who = from === own ? `To ${spaced(to)}` : `${spaced(from)} to ${to === own ? 'you' : spaced(to)}`;
    item.append(textual('small', `${who}, ${time}, ${status}`));
    return item;
  });
  part('texts').replaceChildren(...items);
  part('texts').hidden = items.length === 0;
  part('texts-hint').hidden = items.length > 0;
  showLast('texts');
}

/** A text as it stands on a phone: its addresses can be followed. @param {string} body */
const withLinks = (body) =>
  body.split(/(https?:\/\/\S+)/).map((piece, place) => {
    if (place % 2 === 0) return piece;
    const link = Object.assign(document.createElement('a'), { href: piece, target: '_blank', rel: 'noopener' });
    link.textContent = piece;
    return link;
  });

async function writeText() {
  const body = input('text').value.trim();
  if (body === '') return;
  part('text-problem').textContent = '';
  try {
    const { status } = await write(plain(input('from').value), plain(input('number').value), body);
    if (status === null || status >= 300)
      throw new Error(`The product did not take the text (${status ?? 'no answer'}).`);
    input('text').value = '';
  } catch (error) {
    part('text-problem').textContent = messageOf(error);
  }
  await showTexts();
}

// Everything that can be touched.

/** @param {string} id @param {() => void} submitted */
const onSubmit = (id, submitted) =>
  part(id).addEventListener('submit', (event) => {
    event.preventDefault();
    submitted();
  });

onSubmit('say', () => sayWords(input('words').value));
onSubmit('write', () => void writeText());
input('faults').addEventListener('change', () => void goWrong(FAULTS[input('faults').value] ?? {}).catch(explain));
button('call').addEventListener('click', () => void placeOne());
button('end').addEventListener('click', hangUp);
button('silence').addEventListener('click', () => {
  if (call?.isEnded) {
    call = null;
    showMode('idle');
  } else keepSilent();
});
input('number').addEventListener('input', showName);
input('number').addEventListener('keydown', ({ key }) => {
  if (key === 'Enter' && (call === null || call.isEnded)) void placeOne();
});
input('aloud').addEventListener('change', hush);
// Keys of the keyboard are keys of the phone, but not where something is typed.
document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey || !/^[\d*#]$/.test(key)) return;
  if (target instanceof HTMLElement && target.matches('input, select')) return;
  press(key);
});
for (const id of ['talk', 'texts']) {
  // What scrolls can be scrolled with keys, and one that has become smaller still shows what came last.
  part(id).tabIndex = 0;
  new ResizeObserver(() => showLast(id)).observe(part(id));
}
part('calls').setAttribute('href', `${given.appUrl}/dashboard/calls`);

const microphone = openMicrophone(sayWords, () => {
  button('microphone').ariaPressed = 'false';
});
button('microphone').hidden = microphone === null;
button('microphone').addEventListener('click', () => {
  const isOpen = button('microphone').ariaPressed === 'true';
  button('microphone').ariaPressed = String(!isOpen);
  hush();
  if (isOpen) microphone?.stop();
  else microphone?.start();
});

[...'123456789*0#'].forEach(layKey);
given.lines.forEach(layLine);
choose(given.lines[0]?.number ?? '');
showMode('idle');
void goWrong({}).catch(explain);
void showTexts();
setInterval(() => {
  if (document.visibilityState === 'visible') void showTexts();
}, 3000);
