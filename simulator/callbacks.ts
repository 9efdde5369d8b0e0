import type { Callback } from './events';
import type { Leg } from './leg';
import { type Endpoint, type Parameters, sendWebhook } from './requests';

/** Tells the product something nobody on the line waits for. A failure changes nothing; it is only an event. */
export async function callBack(leg: Leg, about: Callback, address: Endpoint, parameters: Parameters): Promise<void> {
  let status: number | null = null;
  try {
    status = (await sendWebhook(leg.network, address, parameters, leg.clock.now())).status;
  } catch {
    // No status says it: nobody answered.
  }
  leg.emit({ type: 'called back', about, url: address.url.href, status });
}
