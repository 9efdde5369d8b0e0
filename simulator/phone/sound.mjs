// @ts-check
/** What a telephone sounds like: keys, ringing, the beep, and a voice. */

/** The two tones of each key, in hertz (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = '123456789*0#';

/** @type {AudioContext | null} */
let context = null;

/** Sounds these tones together; resolves when they are over. A browser that plays nothing yet loses nothing. @param {number[]} hertz @param {number} seconds */
async function tones(hertz, seconds) {
  context ??= new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0.06;
  gain.connect(context.destination);
  for (const frequency of hertz) {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start();
    oscillator.stop(context.currentTime + seconds);
  }
  await pause(seconds);
  gain.disconnect();
}

/** @param {string} key */
export function soundKey(key) {
  const index = KEYS.indexOf(key);
  void tones([ROWS[Math.floor(index / 3)] ?? 0, COLUMNS[index % 3] ?? 0], 0.15);
}

export const soundBeep = () => tones([1000], 0.4);
export const soundRing = () => tones([440, 480], 1.4);

/** @param {number} seconds @returns {Promise<void>} */
export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** How long somebody takes to read a text. @param {string} text */
const readingSeconds = (text) => Math.min(4, 0.5 + text.length / 30);

/** Whether this browser has a voice at all. */
const hasVoice = () => 'speechSynthesis' in window && window.speechSynthesis.getVoices().length > 0;

/** Ends what is being said, or read. */
let interrupt = () => {};

/** Says words aloud, or gives the time to read them. @param {string} text @param {string} language @param {boolean} isAloud @returns {Promise<void>} */
export function speak(text, language, isAloud) {
  return new Promise((resolve) => {
    interrupt = resolve;
    if (!isAloud || !hasVoice()) {
      void pause(readingSeconds(text)).then(resolve);
      return;
    }
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = language;
    utterance.onend = () => resolve();
    utterance.onerror = () => resolve();
    window.speechSynthesis.speak(utterance);
    // Some browsers forget to say that they are done.
    void pause(5 + text.length / 5).then(resolve);
  });
}

export function hush() {
  interrupt();
  if ('speechSynthesis' in window) window.speechSynthesis.cancel();
}

/** Listens to whoever speaks into the microphone; null where the browser cannot write words down. @param {(words: string) => void} heard @param {() => void} done */
export function openMicrophone(heard, done) {
  /** @type {any} */
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (window);
  const Recognition = SpeechRecognition ?? webkitSpeechRecognition;
  if (Recognition === undefined) return null;
  const recognition = new Recognition();
  recognition.lang = 'en-US';
  recognition.onresult = (/** @type {any} */ event) => heard(event.results[0][0].transcript);
  recognition.onend = done;
  recognition.onerror = done;
  return { start: () => recognition.start(), stop: () => recognition.stop() };
}
