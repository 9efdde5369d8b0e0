/** The check against robots, passed without its work: the test knows after how many keys the solution comes. */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { makeChallenge } from '@/lib/platform/captcha';

/** What a browser sends that has solved a challenge of `at`. Good once. */
export async function solvedCaptcha(at = new Date()): Promise<string> {
  const challenge = await makeChallenge(at, 0);
  const solution = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
