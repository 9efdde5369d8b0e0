/** What kind of error it was. Its message may quote what somebody said. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = [error, error.cause].map((cause) => (cause as { code?: unknown } | undefined)?.code).find(Boolean);
  return [error.name, code].filter((part) => typeof part === 'string' && /^\w{1,50}$/.test(part)).join(' ') || 'Error';
}
