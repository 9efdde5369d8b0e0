import type { Line, System, Visit } from '@/lib/platform/visit';
import type { JsonKey } from '@/lib/rules/data-map';

/** What a run did, in numbers, by names that the data map knows. */
export type Counts = { readonly [K in JsonKey<'JobRun', 'counts'>]?: number };

/** A run of a job of the clock. */
export type ClockRun = {
  readonly id: string;
  /** Nothing is to be changed, only counted. */
  readonly isDryRun: boolean;
  /** Aborted when the run has lost its lease: another may have begun. */
  readonly signal: AbortSignal;
  /**
   * A short transaction that sees every business, as many as are wanted, for as long as the run holds its lease. What
   * takes time (network, disk) happens between them, never in one.
   *
   * @throws Error when the lease is over: what the run wanted to write must not be written.
   */
  readonly asSystem: <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;
};

/** A run that also enters a business by a call of it. */
export type RunByCall = ClockRun & {
  /**
   * A short transaction for what may as well be done twice: it asks for no lease. `called` is the number that was called,
   * which says whose a call is that we do not have; `null` where we must have it.
   *
   * @returns `null` where the call is nobody's.
   */
  readonly inCall: <T>(
    callSid: string,
    called: string | null,
    run: (visit: Visit<Line>) => Promise<T>,
  ) => Promise<T | null>;
};

/** May be killed after any of its steps and begins again at its next time. */
export type ClockJob<Run = ClockRun> = (run: Run) => Promise<Counts>;
