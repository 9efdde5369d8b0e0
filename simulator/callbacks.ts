import type { Clock } from './clock';
import type { Endpoint } from './endpoint';
import type { Happening } from './events';
import { type Callback, strikes } from './faults';
import type { Network } from './network';
import { type Parameters, sendWebhook } from './requests';

/** Who tells: on which network, by which clock, and who hears of it. */
export type Teller = {
  readonly network: Network;
  readonly clock: Clock;
  readonly emit: (happening: Happening) => void;
};

/**
 * Tells the product something nobody on the line waits for: now, or as late as the network's faults have it. A failure
 * changes nothing; it is only an event.
 */
export async function callBack(
  teller: Teller,
  about: Callback,
  address: Endpoint,
  parameters: Parameters,
): Promise<void> {
  const { faults, random } = teller.network;
  const seconds = (faults.late?.[about] ?? 0) + (faults.shuffled ? random.between(0, faults.shuffled) : 0);
  if (seconds > 0) teller.clock.later(seconds, () => deliver(teller, about, address, parameters));
  else await deliver(teller, about, address, parameters);
}

async function deliver(teller: Teller, about: Callback, address: Endpoint, parameters: Parameters): Promise<void> {
  const { network, clock, emit } = teller;
  const url = address.url.href;
  if (strikes(network.random, network.faults.lost?.[about])) {
    emit({ type: 'lost', webhook: about, url });
    return;
  }
  const times = strikes(network.random, network.faults.twice?.[about]) ? 2 : 1;
  const statuses = await sendWebhook(network, address, parameters, clock.now(), times).then(
    (replies) => replies.map(({ status }) => status),
    // No status says it: nobody answered.
    () => [null],
  );
  for (const status of statuses) emit({ type: 'called back', about, url, status });
}
