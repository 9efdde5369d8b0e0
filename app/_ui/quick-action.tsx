'use client';

import { type ReactNode, startTransition, useActionState } from 'react';
import type { FormState } from '@/lib/rules/form-state';
import { confirmIdentityAddress } from '@/lib/rules/session';
import type { FormAction } from './action-form';
import type { ButtonVariant } from './button';
import { useHydrated } from './hydrated';
import { SubmitButton } from './submit-button';
import { useToast } from './toast';

const failed = 'That did not work, and nothing has changed. Try again.';

/** One button that does one thing to one row, and says so in passing, with the way back. */
export function QuickAction({
  action,
  fields,
  undo,
  children,
  ...look
}: {
  action: FormAction;
  /** Sent as they are, hidden: usually `{ id }`. */
  fields: Readonly<Record<string, string>>;
  /** Takes it back; gets the same fields. */
  undo?: FormAction;
  variant?: ButtonVariant;
  icon?: ReactNode;
  label?: string;
  id?: string;
  children: ReactNode;
}) {
  const announce = useToast();
  const hydrated = useHydrated();
  const { id, ...button } = look;

  async function perform(run: FormAction, form: FormData, back?: FormAction): Promise<FormState> {
    const answer = await run(null, form);
    // Nothing was typed that could be lost: they confirm at once and come back here.
    if (answer?.confirm !== undefined) window.location.assign(confirmIdentityAddress(answer.confirm));
    announce({
      text: answer?.message ?? (answer?.ok ? 'Done.' : failed),
      undo: answer?.ok && back ? () => startTransition(async () => void (await perform(back, form))) : undefined,
    });
    return answer;
  }

  // The server's HTML carries the action itself, so that the button works at once. After hydration it is wrapped: the
  // row is often gone when the answer arrives, and the notice must not go with it.
  const [state, send] = useActionState(
    hydrated ? (_: FormState, form: FormData) => perform(action, form, undo) : action,
    null,
  );
  return (
    <form id={id} action={send}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton {...button}>{children}</SubmitButton>
      {state?.ok === false && (
        <p>
          {state.message ?? failed}{' '}
          {state.confirm !== undefined && (
            <a
              href={confirmIdentityAddress(state.confirm)}
              className="rounded-control font-medium text-accent underline underline-offset-4"
            >
              Confirm that it is you
            </a>
          )}
        </p>
      )}
    </form>
  );
}
