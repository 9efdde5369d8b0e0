/** How long things are kept, in days, as promised on the privacy page. The data map says which column ends with which. */
export const KEPT_DAYS = { recording: 30, transcript: 90, metadata: 365, audit: 730, backup: 30 } as const;
