import type { System, Visit } from '@/lib/platform/visit';
import type { OldColumns } from './old-row';

/** What one row is brought over with. */
export type Moving = {
  readonly visit: Visit<System>;
  readonly columns: OldColumns;
  /** Changes nothing where it is true. */
  readonly isDryRun: boolean;
  /** Which of ours an old id became. */
  readonly users: Map<string, string>;
  readonly businesses: Map<string, { readonly id: string; readonly ownerId: string }>;
  /** Notes that a part of the row stays behind. */
  readonly leave: (column: string, why: string) => void;
};
export type Move = (moving: Moving) => Promise<'brought' | 'here already'>;
