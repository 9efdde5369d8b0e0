import { EnvError } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import { StoreError } from '@/lib/platform/store';

/**
 * What a command says when it failed: our own sentences as they are. Of any other error the name and the code alone,
 * behind `otherwise`: messages of theirs quote addresses, which may hold passwords.
 */
export function plainFailure(error: unknown, otherwise: string): string {
  const isOurs = [EnvError, Refusal, StoreError].some((kind) => error instanceof kind);
  if (error instanceof Error && isOurs) return error.message;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return `${otherwise}: ${error instanceof Error ? `${error.name}${code}` : 'unknown error'}`;
}
