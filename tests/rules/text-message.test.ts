/** What texts say, and what is meant by those that come back. */
import { describe, expect, test } from 'vitest';
import { callText, codeText, keywordOf, stateOfText, whyNotDelivered } from '@/lib/rules/text-message';

const call = {
  business: 'Sunrise Clinic',
  zone: 'America/New_York',
  startedAt: new Date('2026-11-23T02:04:00Z'),
  address: 'https://app.example.com/take?token=QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY',
};

describe('the text about a call', () => {
  test('says that there is something, when by the clock of the business, and where', () => {
    expect(callText({ ...call, urgent: false })).toBe(`New message for Sunrise Clinic from 9:04 pm: ${call.address}`);
    expect(callText({ ...call, urgent: true })).toBe(
      `Urgent call for Sunrise Clinic at 9:04 pm. Take it: ${call.address}`,
    );
  });
  test('fits into two of 160 characters, whatever the business is called, and stays in one line', () => {
    const text = callText({ ...call, business: `Sunrise\nClinic ${'x'.repeat(120)}`, urgent: true });
    expect(text.length).toBeLessThanOrEqual(2 * 153);
    expect(text).toMatch(/^Urgent call for Sunrise Clinic x+ at 9:04 pm\. Take it: https:\S+$/);
  });
});

test('the text with a code says what it is for, for how long, and how to get no more', () => {
  expect(codeText('042117')).toMatch(/^042117 is your AfterCallPro code, for 10 minutes\..*Reply STOP/);
});

describe('a text that comes back', () => {
  test.each([
    ['STOP', 'stop'],
    [' stop ', 'stop'],
    ['Stop.', 'stop'],
    ['UNSUBSCRIBE', 'stop'],
    ['opt out', 'stop'],
    ['OptOut!', 'stop'],
    ['revoke', 'stop'],
    ['START', 'start'],
    ['unstop', 'start'],
    ['Help', 'help'],
    ['Please stop by at noon', null],
    ['I would like to cancel my appointment', null],
    ['', null],
  ])('"%s" means %s', (Body, keyword) => expect(keywordOf({ Body })).toBe(keyword));

  test('means what Twilio says it means, in whatever language', () => {
    expect(keywordOf({ Body: 'ARRET', OptOutType: 'STOP' })).toBe('stop');
    expect(keywordOf({ Body: 'oui', OptOutType: 'START' })).toBe('start');
  });
});

test('every status of Twilio is one of ours, or says nothing', () => {
  const states = [
    'accepted',
    'scheduled',
    'queued',
    'sending',
    'sent',
    'delivered',
    'read',
    'undelivered',
    'failed',
    'canceled',
  ].map(stateOfText);
  expect(states).toEqual([...Array(5).fill('sent'), 'delivered', 'delivered', 'failed', 'failed', 'failed']);
  for (const other of ['received', 'receiving', '', 'DELIVERED', '__proto__']) expect(stateOfText(other)).toBeNull();
});

test('says why a text did not arrive where an owner can do something with it', () => {
  expect(whyNotDelivered(21_610)).toBe('they replied STOP');
  expect(whyNotDelivered(12_345)).toBeNull();
  expect(whyNotDelivered(null)).toBeNull();
});
