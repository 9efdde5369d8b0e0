import { describe, expect, test } from 'vitest';
import { COMMON_WORDS } from '@/lib/rules/common-passwords';
import { passwordProblem, passwordStrength } from '@/lib/rules/password';

const problem = (password: string, about: readonly string[] = []) => passwordProblem(password, about);

describe('a password is taken', () => {
  test.each([
    ['eight characters of all four kinds', 'kV7!wzpT'],
    ['fifteen characters of one kind', 'lampvioletrudders'],
    ['fifteen with spaces at the ends, which count', '  violet rudder '],
    ['64 small letters', 'lampvioletrudderheronweircopper'.repeat(3).slice(0, 64)],
    ['128 characters', 'violet Rudder 7! '.repeat(8).slice(0, 128).replace(/^./, 'q')],
    ['fifteen of another script, with neither capital, digit nor sign', 'пароходсинийдым'],
    ['other scripts', 'Пароход-7-синий'],
    ['signs beyond the first plane, each one character', '🦑🪵🧲🛶🪴🧵🪣🛼🧊🪁🧶🪛🧮🪔🧿'],
    ['two words that everybody knows, for it is not one', 'Dragon-Coffee-71'],
  ])('V6.2.1 V6.2.5 V6.2.9 when it has %s', (_what, password) => {
    expect(problem(password)).toBeNull();
  });
});

describe('a password is refused', () => {
  test.each([
    ['seven characters', 'kV7!wzp'],
    ['seven characters that are more code points before composition', 'kV7!wz\u0065\u0301'],
    ['no capital', 'kv7!wzpt'],
    ['no small letter', 'KV7!WZPT'],
    ['no digit', 'kVx!wzpT'],
    ['no sign', 'kV7xwzpT'],
    ['fourteen characters of one kind', 'lampvioletrudd'],
    ['129 characters', 'q'.padEnd(129, 'violet Rudder 7! ')],
  ])('V6.2.1 with %s', (_what, password) => {
    expect(problem(password)).not.toBeNull();
  });

  test.each(
    `P@ssw0rd Password1! Pa$$w0rd P@$$w0rd2024! Passw0rd! Password@123 Welcome1! Welcome@2024 W3lcome! We1come!1 Qwerty123!
    Qwerty1! Q1w2e3r4! Qwer1234! Asdf1234! Zxcvbnm1! 1qaz@WSX !QAZ2wsx 1qaz!QAZ Zaq12wsx! Abcd1234! Abcd@1234 Abc@1234
    Aa123456! Aa123456. A1234567! Admin@123 Admin123! Root@123 Test@123 Test1234! Demo@123 User@1234 Guest@123 India@123
    Krishna@123 Summer2024! Winter2023! Spring#2025 Autumn2026! October2024! Monday1! Iloveyou1! Iloveyou2! Dragon123!
    Monkey12! Football1! Baseball1! Michael1! Jessica1! Sunshine1! Princess1! Superman1! Batman123! Letmein1! Changeme1!
    Hello123! Computer1! Google123! Liverpool1! Chelsea1! Secret123! Master123! Shadow12! 5unshine! Charlie1! Jordan23!
    passwordpassword passwordpasswordpassword qwertyuiopasdfgh qwertyuiop12345 123456789012345 1234567890123456
    111111111111111 aaaaaaaaaaaaaaa abcabcabcabcabc abcdefghijklmno 1q2w3e4r5t6y7u8i 1qaz2wsx3edc4rfv iloveyouiloveyou
    Password!Password! correcthorsebatterystaple administrator1234`.split(/\s+/),
  )('V6.2.4 V6.2.12 that is guessed first: %s', (password) => {
    expect(problem(password)).not.toBeNull();
  });

  test.each([
    ['the e-mail', 'maren.vogt@example.com'],
    ['part of the e-mail', 'Vogtland-8-keys'],
    ['the name, in capitals', 'xMARENx-8-keys-in'],
    ['the product', 'My.AfterCallPro.7'],
  ])('V6.2.11 that holds %s', (_what, password) => {
    expect(problem(password, ['maren.vogt@example.com', 'Maren Vogt'])).toMatch(/Leave out/);
  });
});

test('one password written in two ways is judged alike', () => {
  for (const password of ['Zoë-Zoë-Zoë-7xq', 'kV7!wzpé']) {
    expect(problem(password.normalize('NFD'))).toBe(problem(password.normalize('NFC')));
  }
});

test('V6.2.8 a longer password is not cut off before it is judged', () => {
  expect(problem(`${'Password1!'.repeat(8)}`)).not.toBeNull();
  expect(problem(`${'Password1!'.repeat(8)} and nine grey herons`)).toBeNull();
});

test('the meter says what the rules say', () => {
  expect(passwordStrength('', [])).toEqual({ level: 0, text: '' });
  expect(passwordStrength('kV7', [])).toEqual({ level: 1, text: 'Not yet. Use at least 8 characters.' });
  expect(passwordStrength('kV7!wzpT', []).level).toBe(2);
  expect(passwordStrength('nine grey herons', []).level).toBe(3);
});

test('V6.2.4 V6.2.12 the list of common words stands for thousands of passwords', () => {
  expect(COMMON_WORDS.size).toBeGreaterThan(900);
  for (const word of COMMON_WORDS) {
    expect(problem(`${word.charAt(0).toUpperCase()}${word.slice(1)}@2024`), word).not.toBeNull();
  }
});
