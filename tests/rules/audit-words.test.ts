import { expect, test } from 'vitest';
import { actionAsChoice, actionInWords, reasonInWords, resourceInWords } from '@/lib/rules/audit-words';
import { browserInWords } from '@/lib/rules/browser-words';

test('an entry says in plain words what was done, and to how many', () => {
  const say = (action: string, resourceType: string, count: number) => actionInWords({ action, resourceType, count });
  expect(say('call.read', 'call', 12)).toBe('Opened 12 calls');
  expect(say('call.read', 'call', 2)).toBe('Opened 2 calls');
  expect(say('call.read', 'call', 1)).toBe('Opened a call');
  expect(say('session.create', 'session', 1)).toBe('Signed in');
  expect(say('access.deny', 'permission', 1)).toBe('Was refused');
  expect(say('appointment.delete', 'appointment', 1)).toBe('Deleted an appointment');
});

test('an action that nobody has found words for is still said', () => {
  expect(actionInWords({ action: 'moon_base.update', resourceType: 'moon_base', count: 1 })).toBe('Changed moon base');
  expect(actionInWords({ action: 'moon_base.fly_to', resourceType: 'moon_base', count: 1 })).toBe('Fly to: moon base');
  for (const action of ['constructor.x', '__proto__.y', 'x.constructor']) {
    expect(actionAsChoice(action)).toEqual(expect.any(String));
    expect(reasonInWords(action)).toBeNull();
  }
  expect(reasonInWords('constructor')).toBeNull();
  expect(resourceInWords('duty_contact')).toBe('Duty contact');
});

test('a browser is named as people name it', () => {
  const named = {
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1':
      'Safari on iPhone',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0':
      'Edge on Windows',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': 'Firefox on Linux',
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36':
      'Chrome on Android',
    'TwilioProxy/1.1': 'Twilio',
    '<script>alert(1)</script>': 'Another browser',
    '': 'No browser named',
  };
  for (const [agent, words] of Object.entries(named)) expect(browserInWords(agent)).toBe(words);
  expect(browserInWords(null)).toBe('No browser named');
});
