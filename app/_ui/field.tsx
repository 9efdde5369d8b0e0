'use client';

import { CircleAlert } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { useAnswer } from './action-form';

/** How everything that can be typed into looks. */
export const inputClass =
  'w-full min-h-11 desk:min-h-9 rounded-control border border-edge bg-surface px-3 py-1 text-body text-ink placeholder:text-quiet aria-invalid:border-2 aria-invalid:border-warn';

type FieldProps = { label: string; name: string; hint?: ReactNode };

/**
 * A labelled input; hint and error stand below it and belong to it. What was typed comes back after a refusal, except a
 * password.
 */
export function Field({
  label,
  name,
  hint,
  type = 'text',
  defaultValue,
  ...rest
}: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'id' | 'className'>) {
  const answer = useAnswer();
  const error = answer?.errors?.[name];
  return (
    <Labelled label={label} name={name} hint={hint} error={error}>
      <input
        id={name}
        name={name}
        type={type}
        defaultValue={type === 'password' ? undefined : (answer?.values?.[name] ?? defaultValue)}
        className={inputClass}
        {...described(name, hint, error)}
        {...rest}
      />
    </Labelled>
  );
}

/** The same for a longer text. */
export function TextArea({
  label,
  name,
  hint,
  defaultValue,
  rows = 6,
  maxLength,
}: FieldProps & { defaultValue: string; rows?: number; maxLength?: number }) {
  const answer = useAnswer();
  const error = answer?.errors?.[name];
  return (
    <Labelled label={label} name={name} hint={hint} error={error}>
      <textarea
        id={name}
        name={name}
        rows={rows}
        maxLength={maxLength}
        dir="auto"
        defaultValue={answer?.values?.[name] ?? defaultValue}
        className={`${inputClass} py-2`}
        {...described(name, hint, error)}
      />
    </Labelled>
  );
}

/** The browser's own select: it works before JavaScript arrives, and as a wheel on the phone. */
export function Select({
  label,
  name,
  hint,
  defaultValue,
  options,
}: FieldProps & { defaultValue: string; options: readonly { value: string; label: string }[] }) {
  const answer = useAnswer();
  const error = answer?.errors?.[name];
  const value = answer?.values?.[name] ?? defaultValue;
  return (
    <Labelled label={label} name={name} hint={hint} error={error}>
      {/* The key: React resets a form after its action, and a select then forgets a changed default. */}
      <select
        key={value}
        id={name}
        name={name}
        defaultValue={value}
        className={inputClass}
        {...described(name, hint, error)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** On or off. A checkbox underneath: sends `on` or nothing. */
export function Switch({
  label,
  name,
  hint,
  defaultChecked,
}: {
  label: string;
  name: string;
  hint?: string;
  defaultChecked: boolean;
}) {
  const answer = useAnswer();
  const on = answer?.values ? answer.values[name] === 'on' : defaultChecked;
  return (
    <label className="flex min-h-11 items-start gap-3 desk:min-h-9">
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its own state
        role="switch"
        name={name}
        defaultChecked={on}
        aria-describedby={hint ? `${name}-hint` : undefined}
        className="relative mt-0.5 h-6 w-10 shrink-0 appearance-none rounded-full border border-edge bg-ground motion-safe:transition-colors motion-safe:duration-120 before:absolute before:top-[3px] before:left-[3px] before:size-4 before:rounded-full before:bg-quiet motion-safe:before:transition-transform motion-safe:before:duration-120 checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-accent-text forced-colors:appearance-auto"
      />
      <span>
        <span className="font-medium">{label}</span>
        {hint && (
          <span id={`${name}-hint`} className="block text-quiet">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

/** A box to tick, for what must be agreed to. Sends `on` or nothing. */
export function Checkbox({ label, name }: { label: ReactNode; name: string }) {
  const answer = useAnswer();
  const error = answer?.errors?.[name];
  const on = answer?.values?.[name] === 'on';
  return (
    <div className="flex flex-col gap-1">
      <label className="flex min-h-11 items-start gap-3 desk:min-h-9">
        {/* The key: React resets a form after its action, and a box then forgets a changed default. */}
        <input
          key={String(on)}
          type="checkbox"
          name={name}
          defaultChecked={on}
          className="mt-0.5 size-5 shrink-0 accent-accent"
          {...described(name, undefined, error)}
        />
        <span>{label}</span>
      </label>
      {error !== undefined && <FieldError name={name} text={error} />}
    </div>
  );
}

/** The ids that tie an input to what stands below it. */
export function described(name: string, hint: ReactNode, error: string | undefined) {
  const ids = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(Boolean).join(' ');
  return { 'aria-describedby': ids === '' ? undefined : ids, 'aria-invalid': error === undefined ? undefined : true };
}

function Labelled({
  label,
  name,
  hint,
  error,
  children,
}: FieldProps & { error: string | undefined; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={name} className="font-medium">
        {label}
      </label>
      {children}
      {error !== undefined && <FieldError name={name} text={error} />}
      {hint !== undefined && (
        <p id={`${name}-hint`} className="text-quiet">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ name, text }: { name: string; text: string }) {
  return (
    <p id={`${name}-error`} className="flex items-start gap-2">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <span>{text}</span>
    </p>
  );
}
