/** Runs a use case the way a door does, as somebody whose session is there. */
import { enterBySession, type Way } from '@/lib/platform/enter';
import type { Member, Operator, Person, Visit } from '@/lib/platform/visit';

const nowhere = { ipAddress: null, userAgent: null };

/** @throws Error where the session opens nothing; and whatever the use case throws, its transaction undone. */
export async function asPerson<I, T>(
  sessionId: string,
  useCase: (visit: Visit<Person>, input: I) => Promise<T>,
  input: I,
  at = new Date(),
  way: Way = 'member',
): Promise<T> {
  const found = await enterBySession(
    sessionId,
    nowhere,
    at,
    async (visit) => ({ result: await useCase(visit, input) }),
    way,
  );
  if (!found) throw new Error('this session opens nothing');
  return found.result;
}

/** The same inside a business. */
export const asMember = <I, T>(
  sessionId: string,
  useCase: (visit: Visit<Member>, input: I) => Promise<T>,
  input: I,
  at?: Date,
): Promise<T> => asPerson(sessionId, (visit, what: I) => useCase(inside(visit), what), input, at);

/** The same as who runs the platform. */
export const asOperator = <I, T>(
  sessionId: string,
  useCase: (visit: Visit<Operator>, input: I) => Promise<T>,
  input: I,
  at?: Date,
): Promise<T> =>
  asPerson(sessionId, (visit, what: I) => useCase(visit as Visit<Operator>, what), input, at, 'operator');

/** The same as an admin inside the business that a grant has opened to them. */
export const asGrantee = <I, T>(
  sessionId: string,
  useCase: (visit: Visit<Member>, input: I) => Promise<T>,
  input: I,
  at?: Date,
): Promise<T> => asPerson(sessionId, (visit, what: I) => useCase(inside(visit), what), input, at, 'grantee');

function inside(visit: Visit<Person>): Visit<Member> {
  if (visit.viewer.businessId === null) throw new Error('this session is in no business');
  return visit as Visit<Member>;
}
