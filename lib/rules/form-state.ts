/**
 * What a form is told after it was sent: `null` before that. `errors` and `values` are by field name; values are what was
 * typed, so that nothing must be typed twice.
 */
export type FormState = {
  readonly ok: boolean;
  readonly message?: string | undefined;
  readonly errors?: Readonly<Record<string, string>>;
  /** To be shown now: it comes once, and nobody can ask for it again. */
  readonly once?: readonly string[];
  /** It takes a fresh proof of who is asking: the page to come back to from where that is given. */
  readonly confirm?: string;
  readonly values?: Readonly<Record<string, string>>;
} | null;
