/** The door at which forms of other sites end: the middleware sends them here, whatever page they were meant for. */
import { now } from '@/lib/platform/clock';
import { traceDenial } from './person';

/** 403, with a line in the trail of whoever's browser was made to send it. Their body is not read. */
export async function anotherSite(): Promise<Response> {
  await traceDenial({ requireAuth: true }, now(), {}, 'another site');
  return notFromUs();
}

export const notFromUs = (): Response =>
  new Response('This was sent from another site. Nothing has changed.\n', {
    status: 403,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
