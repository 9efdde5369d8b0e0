/** Who is told of a call, by which way, and to whom an urgent one goes next. */
import { describe, expect, test } from 'vitest';
import { choiceOf, inOrder, type Listener, MOST_ROUNDS, nextInTurn, toldAtOnce } from '@/lib/rules/telling';

const person = (userId: string, mail: Listener['mail'], text: Listener['text'] = 'nothing'): Listener => ({
  userId,
  mail,
  text,
});
const olive = person('olive', 'all');
const sam = person('sam', 'urgent', 'urgent');
const kim = person('kim', 'nothing', 'all');
const lee = person('lee', 'nothing');
const everybody = [sam, olive, kim, lee];

describe('until somebody chooses', () => {
  const nothingChosen = { mailAbout: null, textAbout: null };
  test('an owner hears of every message, and staff of urgent calls', () => {
    expect(choiceOf('business_owner', nothingChosen, false)).toEqual({ mail: 'all', text: 'nothing' });
    expect(choiceOf('staff', nothingChosen, false)).toEqual({ mail: 'urgent', text: 'nothing' });
  });
  test('whoever has shown a telephone to be theirs is texted of urgent calls', () => {
    expect(choiceOf('staff', nothingChosen, true)).toEqual({ mail: 'urgent', text: 'urgent' });
  });
});

test('what was chosen counts, and a text takes a telephone', () => {
  const chosen = { mailAbout: 'nothing', textAbout: 'all' } as const;
  expect(choiceOf('business_owner', chosen, true)).toEqual({ mail: 'nothing', text: 'all' });
  expect(choiceOf('business_owner', chosen, false)).toEqual({ mail: 'nothing', text: 'nothing' });
});

describe('told at once', () => {
  test('of an ordinary message is whoever hears of every message, by the way they chose for that', () => {
    expect(toldAtOnce(everybody, { urgent: false, goesRound: true })).toEqual([
      { userId: 'olive', ways: ['mail'] },
      { userId: 'kim', ways: ['text'] },
    ]);
  });
  test('of an urgent call is whoever hears of every message, and the first in the order', () => {
    expect(toldAtOnce(everybody, { urgent: true, goesRound: true })).toEqual([
      { userId: 'sam', ways: ['mail', 'text'] },
      { userId: 'olive', ways: ['mail'] },
      { userId: 'kim', ways: ['text'] },
    ]);
    expect(toldAtOnce([lee, olive, sam], { urgent: true, goesRound: true })).toEqual([
      { userId: 'olive', ways: ['mail'] },
    ]);
  });
  test('of an urgent call that does not go round is everybody who hears of urgent calls', () => {
    const told = toldAtOnce([olive, sam, lee], { urgent: true, goesRound: false });
    expect(told.map(({ userId }) => userId)).toEqual(['olive', 'sam']);
  });
  test('is nobody who chose to hear nothing', () => {
    for (const urgent of [true, false]) expect(toldAtOnce([lee], { urgent, goesRound: true })).toEqual([]);
  });
});

describe('an urgent call that nobody has seen', () => {
  test('goes to each in the order before it comes to anybody again, and stops after three rounds', () => {
    const times = new Map([['olive', 1]]);
    const heard: string[] = [];
    for (let next = nextInTurn(everybody, times); next; next = nextInTurn(everybody, times)) {
      heard.push(next.userId);
      times.set(next.userId, (times.get(next.userId) ?? 0) + 1);
    }
    expect(heard.join(' ')).toBe('sam kim sam olive kim sam olive kim');
    expect([...times.values()]).toEqual([MOST_ROUNDS, MOST_ROUNDS, MOST_ROUNDS]);
  });
  test('comes back to the only one who hears of urgent calls', () => {
    expect(nextInTurn([lee, olive], new Map([['olive', 1]]))).toEqual({ userId: 'olive', ways: ['mail'] });
  });
  test('goes to nobody where nobody hears of urgent calls', () => {
    expect(nextInTurn([lee], new Map())).toBeNull();
    expect(nextInTurn([], new Map())).toBeNull();
  });
});

test('the order is as somebody put it, then owners before staff, and whoever is longest here', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 0, day));
  const order = inOrder([
    { userId: 'new staff', role: 'staff', turn: null, createdAt: at(3) },
    { userId: 'old staff', role: 'staff', turn: null, createdAt: at(1) },
    { userId: 'owner', role: 'business_owner', turn: null, createdAt: at(2) },
    { userId: 'second', role: 'staff', turn: 1, createdAt: at(4) },
    { userId: 'first', role: 'staff', turn: 0, createdAt: at(5) },
  ]);
  expect(order.map(({ userId }) => userId)).toEqual(['first', 'second', 'owner', 'old staff', 'new staff']);
});
