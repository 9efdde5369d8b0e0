'use client';

import { useState } from 'react';
import { passwordStrength, type Strength } from '@/lib/rules/password';
import { useAnswer } from './action-form';
import { Button } from './button';
import { Field } from './field';
import { useHydrated } from './hydrated';

/** `password`, newly chosen. What is typed is measured here, in the browser, and goes nowhere until the form is sent. */
export function NewPasswordField({ about, label = 'New password' }: { about: readonly string[]; label?: string }) {
  const hydrated = useHydrated();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(false);
  const answer = useAnswer();
  const [answered, setAnswered] = useState(answer);
  if (answered !== answer) {
    setAnswered(answer); // with every answer React empties the form
    setTyped('');
  }
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={label}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        autoCapitalize="none"
        spellCheck={false}
        required
        hint="15 characters or more of any kind; or 8 with a capital letter, a small letter, a digit and a sign."
        onChange={(event) => setTyped(event.target.value)}
      />
      {hydrated && (
        <>
          <StrengthMeter strength={passwordStrength(typed, about)} />
          <Button
            variant="quiet"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="-ml-4 self-start desk:-ml-3"
          >
            {shown ? 'Hide password' : 'Show password'}
          </Button>
        </>
      )}
    </div>
  );
}

const steps = [1, 2, 3] as const;
const colours = { 0: 'bg-line', 1: 'bg-warn', 2: 'bg-good', 3: 'bg-good' } as const;

/** Three bars and a sentence; the sentence says it all. */
function StrengthMeter({ strength: { level, text } }: { strength: Strength }) {
  return (
    <div className="flex flex-col gap-1">
      <div aria-hidden className="grid grid-cols-3 gap-1">
        {steps.map((step) => (
          <span key={step} className={`h-1 rounded-full ${step <= level ? colours[level] : 'bg-line'}`} />
        ))}
      </div>
      <p role="status" className="min-h-[1lh]">
        {text}
      </p>
    </div>
  );
}
