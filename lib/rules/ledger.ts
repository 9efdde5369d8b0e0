/** What a business decides that must hold whatever backup is restored: written to the ledger once it is there. */
export const LEDGER_SUBJECTS = ['opt_out', 'legal_hold', 'periods'] as const;
export type LedgerSubject = (typeof LEDGER_SUBJECTS)[number];
