/** Our own ringing, come back to us: whoever we rang had their calls forwarded to the line that rang them. */

import type { Business } from './call';
import { type CallerId, isSameNumber } from './phone-number';

/** A call of this line for which somebody is being rung at this moment: an index into the duty list. */
export type Ringing = { readonly caller: CallerId; readonly person: number };

/** A call that comes in, as the network describes it. `forwardedFrom` is '' where it does not say. */
export type Incoming = { readonly caller: CallerId; readonly forwardedFrom: string };

/**
 * Whether a call is, or may be, our own ringing. It then shows the number of the first caller (whom we pass on), of this
 * line (which we show for a caller without a number), or of the person rung. To ring anybody for it would begin a circle
 * that only the network's limits end. A second call from one number while somebody is rung for the first may also be a
 * colleague at the same switchboard: it is answered, and nobody is rung.
 */
export function cameBack(
  { number, duty }: Pick<Business, 'number' | 'duty'>,
  { caller, forwardedFrom }: Incoming,
  ringing: readonly Ringing[],
): boolean {
  const shown = caller.kind === 'number' ? caller.e164 : '';
  if (isSameNumber(shown, number)) return true;
  return ringing.some((other) => {
    const rung = duty[other.person]?.number ?? '';
    const first = other.caller.kind === 'number' ? other.caller.e164 : '';
    return isSameNumber(shown, first) || isSameNumber(shown, rung) || isSameNumber(forwardedFrom, rung);
  });
}
