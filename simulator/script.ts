/** Words; without `seconds` they take as long as they are, and without `confidence` (0 to 1) they are well understood. */
export type Words = { readonly say: string; readonly seconds?: number; readonly confidence?: number };

/** What a caller does when the line listens. */
export type CallerAct =
  /** Keys, one after the other: 0-9, * and #. */
  { readonly press: string } | Words | 'silence' | 'hang up';

/** Keeps silent until the line records, leaves these words, and after them hangs up unless told otherwise. */
export type LeaveMessage = Omit<Words, 'say'> & { readonly message: string; readonly after?: CallerAct };

export type Script = readonly (CallerAct | LeaveMessage)[];

/** What the line listens for when it is the caller's turn. */
export type Asked = {
  readonly for: 'answer' | 'message';
  readonly keys: boolean;
  readonly speech: boolean;
  /** As many keys as it waits for; null where it waits for more as long as they come. */
  readonly digits: number | null;
};

/** Whoever is on the phone: asked each time the line listens. */
export type Caller = (asked: Asked) => Promise<CallerAct>;

/** What somebody on duty does when their phone rings. */
export type Person = 'press 1' | 'say nothing' | 'busy' | 'no answer';

/** Whoever hears in their own time: told of each thing that is to be heard; whether they stay to its end. */
export type Listener = () => Promise<boolean>;

/** People on duty by the number dialled; `others` is everyone not named, who otherwise lets it ring. */
export type People = Readonly<Record<string, Person>>;

/** A caller who does these things in turn and, when there are none left, keeps silent. */
export function scripted(acts: Script): Caller {
  const left = [...acts];
  return async (asked) => {
    const act = left[0] ?? 'silence';
    if (typeof act === 'string' || !('message' in act)) {
      left.shift();
      return act;
    }
    if (asked.for === 'answer') return 'silence';
    const { message, after = 'hang up', ...how } = act;
    left.splice(0, 1, after);
    return { say: message, ...how };
  };
}
