'use client';

import { CircleAlert, CircleCheck } from 'lucide-react';
import { createContext, type ReactNode, useActionState, useContext, useEffect, useRef } from 'react';
import type { FormState } from '@/lib/rules/form-state';
import { confirmIdentityAddress } from '@/lib/rules/session';
import type { ButtonVariant } from './button';
import { SubmitButton } from './submit-button';

/** What `action(...)` of the action door returns. */
export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;

const Answer = createContext<FormState>(null);

/** What the server said to the form around this part: errors and typed values by field name. */
export function useAnswer(): FormState {
  return useContext(Answer);
}

/**
 * A form that sends itself to a server action, with or without JavaScript. Its parts read from the answer what was
 * typed and what was wrong; the message stands beside the button and is announced politely. After a refusal the first
 * field with an error has the focus.
 */
export function ActionForm({ action, ...form }: FormParts & { action: FormAction }) {
  const [state, send] = useActionState(action, null);
  return <AnsweredForm state={state} send={send} {...form} />;
}

type FormParts = {
  /** What the button says: what will happen. */
  submit: string;
  variant?: ButtonVariant;
  children?: ReactNode;
};

/** The same, for a part that looks at the answer itself. */
export function AnsweredForm({
  state,
  send,
  submit,
  variant = 'primary',
  children,
}: FormParts & { state: FormState; send: (form: FormData) => void }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state?.ok === false) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [state]);
  return (
    <form ref={form} action={send} noValidate className="flex flex-col gap-6">
      <Answer value={state}>{children}</Answer>
      <div className="flex flex-col gap-3 desk:flex-row desk:items-center">
        <SubmitButton variant={variant}>{submit}</SubmitButton>
        <FormMessage state={state} />
      </div>
    </form>
  );
}

/** Always in the page, so that a screen reader notices when it fills. */
function FormMessage({ state }: { state: FormState }) {
  const text =
    state === null ? undefined : (state.message ?? (state.ok ? 'Saved.' : 'Look at the fields marked above.'));
  return (
    <p role="status" className="max-w-text">
      {text !== undefined && (
        <span key={text} className={`arrive flex items-start gap-2 ${state?.ok ? 'text-good' : 'text-ink'}`}>
          {state?.ok ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
          ) : (
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          )}
          <span>
            {text}
            {state?.confirm !== undefined && (
              <>
                {' '}
                <ConfirmLink />
              </>
            )}
          </span>
        </span>
      )}
    </p>
  );
}

/** In a tab of its own: what was typed here stays, and is sent again afterwards. */
function ConfirmLink() {
  return (
    <a
      href={confirmIdentityAddress('')}
      target="_blank"
      rel="noopener"
      className="rounded-control font-medium text-accent underline underline-offset-4"
    >
      Confirm that it is you (opens a new tab), then send this again.
    </a>
  );
}
