'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useAnswer } from './action-form';
import { Button } from './button';
import { described, FieldError, inputClass } from './field';

/** `number` as people write it. */
export type DutyPerson = { readonly name: string; readonly number: string };

type Draft = DutyPerson & { key: number; fresh: boolean };

let lastKey = 0;
function draft(person: DutyPerson, fresh = false): Draft {
  lastKey += 1;
  return { ...person, key: lastKey, fresh };
}

/** The people typed into the form, in order, from `people.<n>.name` and `people.<n>.number`; blank rows are dropped. */
export function peopleOfValues(values: Readonly<Record<string, string>>): DutyPerson[] {
  const people: DutyPerson[] = [];
  for (let n = 0; values[`people.${n}.name`] !== undefined; n += 1) {
    const name = values[`people.${n}.name`] ?? '';
    const number = values[`people.${n}.number`] ?? '';
    if (name !== '' || number !== '') people.push({ name, number });
  }
  return people;
}

/**
 * Who is rung, in this order. Stands in an `ActionForm`; sends `people.<n>.name` and `people.<n>.number`. Where there is
 * no JavaScript a blank row takes one more person, and emptying a row removes one.
 */
export function DutyListEditor({ people }: { people: readonly DutyPerson[] }) {
  const answer = useAnswer();
  const [rows, setRows] = useState(() =>
    (answer?.values && !answer.ok ? peopleOfValues(answer.values) : people).map((person) => draft(person)),
  );

  function change(key: number, to: Partial<DutyPerson>) {
    setRows(rows.map((row) => (row.key === key ? { ...row, ...to } : row)));
  }

  function move(from: number, to: number) {
    const next = [...rows];
    const [row] = next.splice(from, 1);
    if (row) next.splice(to, 0, row);
    setRows(next);
  }

  const list = rows.map((row, n) => (
    <Person
      key={row.key}
      n={n}
      person={row}
      last={n === rows.length - 1}
      onChange={(to) => change(row.key, to)}
      onMove={(to) => move(n, to)}
      onRemove={() => {
        setRows(rows.filter((it) => it.key !== row.key));
        document.getElementById('add-person')?.focus();
      }}
    />
  ));

  return (
    <div className="flex flex-col gap-3">
      {rows.length === 0 && (
        <p className="needs-script text-quiet">Nobody is rung. Every call goes straight to the greeting.</p>
      )}
      <ol className="divide-y divide-line border-line not-empty:border-y">
        {list}
        <noscript>
          <Person n={rows.length} person={{ name: '', number: '' }} last />
        </noscript>
      </ol>
      <Button
        id="add-person"
        className="needs-script self-start"
        onClick={() => setRows([...rows, draft({ name: '', number: '' }, true)])}
      >
        <Plus aria-hidden className="size-4" />
        Add a person
      </Button>
    </div>
  );
}

function Person({
  n,
  person,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  n: number;
  person: DutyPerson & { fresh?: boolean };
  last: boolean;
  onChange?: (to: Partial<DutyPerson>) => void;
  onMove?: (to: number) => void;
  onRemove?: () => void;
}) {
  const who = person.name === '' ? `person ${n + 1}` : person.name;
  return (
    <li className="flex items-start gap-3 py-3">
      <span aria-hidden className="w-5 shrink-0 pt-2.5 text-right text-quiet tabular-nums desk:pt-2">
        {n + 1}
      </span>
      <div className="grid min-w-0 flex-1 gap-2 desk:grid-cols-2">
        <PersonField
          n={n}
          part="name"
          label={`Name of person ${n + 1}`}
          placeholder="Name"
          value={person.name}
          fresh={person.fresh === true}
          onChange={onChange && ((name) => onChange({ name }))}
        />
        <PersonField
          n={n}
          part="number"
          label={`Number of ${who}`}
          placeholder="+1 415 555 0132"
          value={person.number}
          onChange={onChange && ((number) => onChange({ number }))}
        />
      </div>
      <div className="needs-script grid grid-flow-col grid-rows-2 gap-y-2 desk:grid-rows-1">
        <Button
          variant="quiet"
          className="px-2!"
          aria-label={`Ring ${who} earlier`}
          aria-disabled={n === 0 || undefined}
          onClick={() => n > 0 && onMove?.(n - 1)}
        >
          <ArrowUp aria-hidden className="size-4" />
        </Button>
        <Button
          variant="quiet"
          className="px-2!"
          aria-label={`Ring ${who} later`}
          aria-disabled={last || undefined}
          onClick={() => !last && onMove?.(n + 1)}
        >
          <ArrowDown aria-hidden className="size-4" />
        </Button>
        <Button variant="quiet" className="px-2!" aria-label={`Remove ${who}`} onClick={onRemove}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
    </li>
  );
}

function PersonField({
  n,
  part,
  label,
  placeholder,
  value,
  fresh = false,
  onChange,
}: {
  n: number;
  part: 'name' | 'number';
  label: string;
  placeholder: string;
  value: string;
  fresh?: boolean;
  onChange?: (value: string) => void;
}) {
  const name = `people.${n}.${part}`;
  const error = useAnswer()?.errors?.[name];
  return (
    <div className="flex flex-col gap-1">
      <input
        ref={fresh ? focusOnArrival : undefined}
        name={name}
        type={part === 'number' ? 'tel' : 'text'}
        dir={part === 'number' ? 'ltr' : 'auto'}
        autoComplete="off"
        aria-label={label}
        placeholder={placeholder}
        {...(onChange ? { value, onChange: (event) => onChange(event.currentTarget.value) } : { defaultValue: value })}
        className={inputClass}
        {...described(name, undefined, error)}
      />
      {error !== undefined && <FieldError name={name} text={error} />}
    </div>
  );
}

function focusOnArrival(input: HTMLInputElement | null) {
  input?.focus();
}
