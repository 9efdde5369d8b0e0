/** What a telephone carries: 8000 samples a second, 16 bits, one channel. */
const SAMPLES_A_SECOND = 8000;
const HEADER_BYTES = 44;

/** The first two resonances of a mouth that says these vowels, in hertz. */
const VOWELS: Readonly<Record<string, readonly [number, number]>> = {
  a: [730, 1090],
  e: [530, 1840],
  i: [390, 1990],
  o: [570, 840],
  u: [440, 1020],
};
const OTHER_SOUND: readonly [number, number] = [300, 1400];

/**
 * A WAV file of that many seconds in which somebody seems to mumble the words, letter by letter; without words it is
 * silent. The same words and seconds give the same bytes.
 */
export function mumble(words: string, seconds: number): Buffer {
  const samples = Math.round(seconds * SAMPLES_A_SECOND);
  const file = Buffer.alloc(HEADER_BYTES + samples * 2);
  writeHeader(file, samples * 2);

  const letters = words.toLowerCase();
  let phase = 0;
  let loudness = 0;
  let [low, high] = OTHER_SOUND;
  for (let sample = 0; sample < samples; sample++) {
    const letter = letters[Math.floor((sample / samples) * letters.length)] ?? ' ';
    const [nextLow, nextHigh] = VOWELS[letter] ?? OTHER_SOUND;
    // Mouth and breath move smoothly from one letter to the next; a jump would be a click.
    low += (nextLow - low) * 0.004;
    high += (nextHigh - high) * 0.004;
    loudness += (loudnessOf(letter) - loudness) * 0.004;
    const pitch = 118 + 14 * Math.sin((sample / SAMPLES_A_SECOND) * 2.1);
    phase += (2 * Math.PI * pitch) / SAMPLES_A_SECOND;
    file.writeInt16LE(Math.round(loudness * voice(phase, pitch, low, high)), HEADER_BYTES + sample * 2);
  }
  return file;
}

/** A buzz whose overtones are the stronger, the nearer they are to one of the two resonances. */
function voice(phase: number, pitch: number, low: number, high: number): number {
  let sum = 0;
  for (let overtone = 1; overtone <= 20; overtone++) {
    const frequency = overtone * pitch;
    sum += Math.sin(overtone * phase) * (nearness(frequency, low) + nearness(frequency, high) / 2);
  }
  return sum;
}

function nearness(frequency: number, resonance: number): number {
  return 1 / (1 + ((frequency - resonance) / 90) ** 2);
}

/** The voice at its loudest stays well below what a sample can hold. */
function loudnessOf(letter: string): number {
  if (letter in VOWELS) return 7000;
  return /\p{L}|\p{N}/u.test(letter) ? 2000 : 0;
}

function writeHeader(file: Buffer, dataBytes: number): void {
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // uncompressed
  file.writeUInt16LE(1, 22); // one channel
  file.writeUInt32LE(SAMPLES_A_SECOND, 24);
  file.writeUInt32LE(SAMPLES_A_SECOND * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
}
