/** Whoever was told of an urgent call says with the link of the mail or text that they see to it, without signing in. */
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { tellingOf } from '@/lib/notifications/call-links';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, Visit } from '@/lib/platform/visit';

type Link = { readonly token: string };

type Found = {
  readonly business_id: string;
  readonly business_name: string;
  readonly zone: string;
  readonly call_id: string;
  readonly user_id: string;
  readonly started_at: Date;
  /** `taken` by somebody else, or seen to already. */
  readonly state: 'open' | 'yours' | 'taken';
};

/** What the link leads to: when somebody called which business, and whether somebody sees to it. `null`: it leads nowhere any more. */
export async function readTakeLink(desk: GuestDesk, { token }: Link) {
  const telling = tellingOf(token);
  const found = telling && (await desk.enter((visit) => find(visit, telling)));
  if (!found) return null;
  const { business_name: business, zone, call_id: callId, started_at: startedAt, state } = found;
  return { business, zone, callId, startedAt, state };
}

/**
 * Takes the call for whom the link was sent to. Where they have it already, nothing changes.
 *
 * @throws Refusal where it is not theirs to take any more.
 */
export async function takeByLink(desk: GuestDesk, { token }: Link): Promise<void> {
  const telling = tellingOf(token);
  const outcome = telling && (await desk.enter((visit) => take(visit, telling)));
  if (!outcome) throw new Refusal('This link no longer works. Sign in to see the call.');
  if (outcome === 'taken') throw new Refusal('This call is seen to already. There is nothing left for you to do.');
}

async function take(visit: Visit<Guest>, telling: string): Promise<Found['state'] | null> {
  const [taken] = await visit.tx.$queryRaw<{ taken: boolean }[]>`
    SELECT take_by_telling(${telling}::uuid, ${visit.now}) AS taken`;
  const found = await find(visit, telling);
  if (found && taken?.taken) {
    visit.record({
      action: 'call.take',
      resourceType: 'call',
      resourceId: found.call_id,
      userId: found.user_id,
      businessId: found.business_id,
      details: { fields: ['takenAt', 'takenBy'] },
    });
  }
  return found?.state ?? null;
}

async function find({ tx }: Visit<Guest>, telling: string): Promise<Found | null> {
  const [found] = await tx.$queryRaw<Found[]>`SELECT * FROM find_telling(${telling}::uuid)`;
  return found ?? null;
}
