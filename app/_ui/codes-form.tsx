'use client';

import { Download } from 'lucide-react';
import { type ReactNode, useActionState } from 'react';
import { AnsweredForm, type FormAction } from './action-form';
import { Button, ButtonLink, type ButtonVariant } from './button';
import { Good } from './plain';

/**
 * A form whose answer is a list of codes, shown once in its place. They stay in this page alone: the file is made in the
 * browser, and nothing of them is in an address or in storage.
 */
export function CodesForm({
  action,
  submit,
  isOffered,
  onward,
  variant = 'secondary',
  before,
  children,
  after,
}: {
  action: FormAction;
  submit: string;
  /** Whether the form is shown; its answer is in any case. */
  isOffered: boolean;
  /** Where to go once the codes are kept. */
  onward: string;
  variant?: ButtonVariant;
  /** Stand above and below the form, also where it is not shown, and make room for the codes with it. */
  before?: ReactNode;
  children?: ReactNode;
  after?: ReactNode;
}) {
  const [state, send] = useActionState(action, null);
  if (state?.once) return <Codes codes={state.once} news={state.message ?? ''} onward={onward} />;
  return (
    <>
      {before}
      {isOffered && (
        <AnsweredForm state={state} send={send} submit={submit} variant={variant}>
          {children}
        </AnsweredForm>
      )}
      {after}
    </>
  );
}

function Codes({ codes, news, onward }: { codes: readonly string[]; news: string; onward: string }) {
  return (
    <section aria-labelledby="codes" className="flex flex-col gap-4">
      <div role="status">
        <Good>{news}</Good>
      </div>
      <h2 id="codes" className="text-title font-semibold">
        Keep these codes
      </h2>
      <p>
        You see them this once. Each signs you in once when your phone is gone, so keep them where your phone is not: on
        paper, or in your password manager.
      </p>
      <ul className="grid gap-x-8 gap-y-1 rounded-card border border-line bg-surface p-4 font-mono desk:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-col gap-3 desk:flex-row">
        <Button className="needs-script" onClick={() => save(codes)}>
          <Download aria-hidden className="size-4" />
          Download as a text file
        </Button>
        <ButtonLink href={onward} variant="primary">
          I have kept them
        </ButtonLink>
      </div>
    </section>
  );
}

function save(codes: readonly string[]) {
  const text = [
    'AfterCallPro recovery codes',
    'Each works once, in place of the code from your app.',
    '',
    ...codes,
    '',
  ];
  const address = URL.createObjectURL(new Blob([text.join('\r\n')], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'aftercallpro-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}
