/**
 * What a form of ours looks like on the wire. React's decoder understands far more than forms need (promises, streams,
 * functions, references into what came before), and what it does not understand ends as a fault of ours. So a form is
 * looked at first: plain values, and the fields that a person filled in.
 */

/** Bytes. A week of hours with a hundred exceptions is some 10 KB. */
export const largestForm = 1024 * 1024;

/**
 * Whether a body is one that our forms send: with JavaScript (`isFetch`) the last answer and the fields, `[state, "$K1"]`;
 * without it, a reference to the action with the last answer bound to it. A form that is meant for nobody is sound too.
 */
export function isSoundForm(form: FormData, isFetch: boolean): boolean {
  return isFetch ? isSoundCall(form) : [...form].every(([name, value]) => isSoundField(form, name, value));
}

function isSoundCall(form: FormData): boolean {
  if (![...form.keys()].every((name) => name === '0' || /^_[0-9a-f]{1,4}_/.test(name))) return false;
  const call = parse(form.get('0'));
  if (!Array.isArray(call) || call.length !== 2) return false;
  const [state, fields] = call;
  return isPlain(state) && typeof fields === 'string' && /^\$K[0-9a-f]{1,4}$/.test(fields);
}

function isSoundField(form: FormData, name: string, value: FormDataEntryValue): boolean {
  if (!name.startsWith('$ACTION_')) return true;
  const [, bound] = /^\$ACTION_\d{1,3}:(\d{1,3})$/.exec(name) ?? [];
  if (bound !== undefined) return bound === '0' || isPlain(parse(value));
  const [, reference] = /^\$ACTION_REF_(\d{1,3})$/.exec(name) ?? [];
  if (reference !== undefined) return isSoundReference(form, reference);
  return typeof value === 'string' && /^\$ACTION_(?:KEY|ID_[0-9a-f]{1,100})$/.test(name);
}

/** `{"id":"…","bound":"$@1"}`. What is bound must have come with it: React would wait for it for ever. */
function isSoundReference(form: FormData, number: string): boolean {
  const reference = parse(form.get(`$ACTION_${number}:0`));
  if (typeof reference !== 'object' || reference === null) return false;
  const { id, bound, ...others } = reference as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || !/^[0-9a-f]{1,100}$/.test(id) || Object.keys(others).length > 0) return false;
  const [, row] = (typeof bound === 'string' && /^\$@([0-9a-f]{1,2})$/.exec(bound)) || [];
  return bound === null || (row !== undefined && form.has(`$ACTION_${number}:${Number.parseInt(row, 16)}`));
}

/** Nothing but values: no text in it means anything to React beyond itself. An answer has a few levels, and no thousands. */
function isPlain(value: unknown, levels = 5): boolean {
  if (typeof value === 'string') return !value.startsWith('$') || /^\$(?:\$|undefined$)/.test(value);
  if (typeof value === 'object' && value !== null)
    return levels > 0 && Object.values(value).every((inner) => isPlain(inner, levels - 1));
  return value !== undefined;
}

/** `undefined` for what is no JSON. */
function parse(value: FormDataEntryValue | null): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
