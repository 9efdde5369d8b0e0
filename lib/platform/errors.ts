/** What a use case may throw for a visitor to see. Anything else is a fault of ours, and the visitor is told no details. */

/** Nothing here by that name, or not for this visitor: the two are told apart nowhere. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** The visitor must change something: sentences they can act on, beside their field or for the form as a whole. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Too many tries. `retryAfter` is in seconds. */
export class TooMany extends Error {
  override name = 'TooMany';
  constructor(readonly retryAfter: number) {
    super('too many requests');
  }
}

/** It could not be counted how often somebody tries, so nobody may. A Refusal: its sentence is for the visitor. */
export class Uncounted extends Refusal {
  override name = 'Uncounted';
  constructor() {
    super(
      'For safety we count every try, and at the moment we cannot, so this was not done. Nothing has changed, and calls are still answered. Try again in a minute.',
    );
  }
}
