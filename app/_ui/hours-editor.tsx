'use client';

import { Copy, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { type OpeningHours, WEEKDAYS, type Weekday } from '@/lib/rules/opening-hours';
import { useAnswer } from './action-form';
import { Button } from './button';
import { described, FieldError, inputClass } from './field';
import {
  type ExceptionFields,
  fieldsOfHours,
  fieldsOfValues,
  type HoursFields,
  type ShiftFields,
} from './hours-fields';

const dayNames: Record<Weekday, string> = {
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
  7: 'Sunday',
};

/** A row that keeps its identity while others come and go; `fresh` ones take the focus. */
type Keyed<Row> = Row & { key: number; fresh: boolean };
type Draft = {
  weekly: Record<Weekday, Keyed<ShiftFields>[]>;
  exceptions: Keyed<Omit<ExceptionFields, 'shifts'> & { shifts: Keyed<ShiftFields>[] }>[];
};

let lastKey = 0;
function keyed<Row>(row: Row, fresh = false): Keyed<Row> {
  lastKey += 1;
  return { ...row, key: lastKey, fresh };
}

const blankShift: ShiftFields = { opens: '', closes: '' };

function draftOf(fields: HoursFields): Draft {
  const shifts = (day: Weekday) => fields.weekly[day].map((shift) => keyed(shift));
  return {
    weekly: { 1: shifts(1), 2: shifts(2), 3: shifts(3), 4: shifts(4), 5: shifts(5), 6: shifts(6), 7: shifts(7) },
    exceptions: fields.exceptions.map((it) => keyed({ ...it, shifts: it.shifts.map((shift) => keyed(shift)) })),
  };
}

/**
 * The week, with as many shifts a day as there are, and the days that differ. Stands in an `ActionForm`. Field names are
 * those of `fieldsOfValues`; errors are looked up under the same names, and under `<weekday>` or `exceptions.<n>` for a
 * day as a whole. Where there is no JavaScript every day has one blank row more.
 */
export function HoursEditor({ hours }: { hours: OpeningHours }) {
  const answer = useAnswer();
  const [draft, setDraft] = useState(() =>
    draftOf(answer?.values && !answer.ok ? fieldsOfValues(answer.values) : fieldsOfHours(hours)),
  );

  const setDay = (day: Weekday, shifts: Keyed<ShiftFields>[]) =>
    setDraft({ ...draft, weekly: { ...draft.weekly, [day]: shifts } });
  const copyMonday = () => {
    const monday = () => draft.weekly[1].map((shift) => keyed(shift));
    setDraft({ ...draft, weekly: { ...draft.weekly, 2: monday(), 3: monday(), 4: monday(), 5: monday() } });
  };
  const setExceptions = (exceptions: Draft['exceptions']) => setDraft({ ...draft, exceptions });

  return (
    <>
      <fieldset className="min-w-0 border-b border-line">
        <legend className="sr-only">Every week</legend>
        <div className="divide-y divide-line">
          {WEEKDAYS.map((day) => (
            <fieldset
              key={day}
              aria-labelledby={`day-${day}`}
              className="flex min-w-0 flex-wrap items-start gap-x-6 gap-y-2 py-3 desk:flex-nowrap"
            >
              <span id={`day-${day}`} className="w-28 shrink-0 pt-2.5 font-medium desk:pt-2">
                {dayNames[day]}
              </span>
              <Shifts
                prefix={String(day)}
                name={dayNames[day]}
                shifts={draft.weekly[day]}
                onChange={(shifts) => setDay(day, shifts)}
                extra={
                  day === 1 &&
                  draft.weekly[1].length > 0 && (
                    <Button variant="quiet" onClick={copyMonday}>
                      <Copy aria-hidden className="size-4" />
                      Copy to Tuesday–Friday
                    </Button>
                  )
                }
              />
            </fieldset>
          ))}
        </div>
      </fieldset>

      <section aria-labelledby="exceptions" className="flex flex-col gap-3">
        <h2 id="exceptions" className="text-title font-semibold">
          Days that differ
        </h2>
        <p className="text-quiet">Holidays, days off, longer evenings. On these dates the week above does not count.</p>
        <div className="divide-y divide-line border-line not-empty:border-y">
          {draft.exceptions.map((exception, n) => (
            <Exception
              key={exception.key}
              prefix={`exceptions.${n}`}
              exception={exception}
              onChange={(next) => setExceptions(draft.exceptions.map((it) => (it.key === next.key ? next : it)))}
              onRemove={() => {
                setExceptions(draft.exceptions.filter((it) => it.key !== exception.key));
                document.getElementById('add-exception')?.focus();
              }}
            />
          ))}
          <noscript>
            <Exception
              prefix={`exceptions.${draft.exceptions.length}`}
              exception={{ date: '', reason: '', shifts: [], key: 0, fresh: false }}
            />
          </noscript>
        </div>
        <Button
          id="add-exception"
          className="needs-script self-start"
          onClick={() => setExceptions([...draft.exceptions, keyed({ date: '', reason: '', shifts: [] }, true)])}
        >
          <Plus aria-hidden className="size-4" />
          Add a date
        </Button>
      </section>
    </>
  );
}

function Exception({
  prefix,
  exception,
  onChange,
  onRemove,
}: {
  prefix: string;
  exception: Draft['exceptions'][number];
  onChange?: (next: Draft['exceptions'][number]) => void;
  onRemove?: () => void;
}) {
  const errors = useAnswer()?.errors ?? {};
  const dateError = errors[`${prefix}.date`];
  const reasonError = errors[`${prefix}.reason`];
  const name = exception.date === '' ? 'this date' : exception.date;
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-x-6 gap-y-2 py-3 desk:grid-cols-[10rem_minmax(0,1fr)]">
      <legend className="sr-only">{exception.date === '' ? 'New date' : exception.date}</legend>
      <div className="flex flex-col gap-1">
        <input
          ref={exception.fresh ? focusOnArrival : undefined}
          type="date"
          name={`${prefix}.date`}
          aria-label="Date"
          {...typed(exception.date, onChange && ((date) => onChange({ ...exception, date })))}
          className={inputClass}
          {...described(`${prefix}.date`, undefined, dateError)}
        />
        {dateError !== undefined && <FieldError name={`${prefix}.date`} text={dateError} />}
      </div>
      <div className="flex flex-col gap-2">
        <div className="flex gap-2">
          <input
            name={`${prefix}.reason`}
            aria-label={`Reason for ${name}`}
            placeholder="Reason, such as “Christmas Day”"
            dir="auto"
            {...typed(exception.reason, onChange && ((reason) => onChange({ ...exception, reason })))}
            className={inputClass}
            {...described(`${prefix}.reason`, undefined, reasonError)}
          />
          <Button variant="quiet" className="needs-script px-2!" onClick={onRemove} aria-label={`Remove ${name}`}>
            <X aria-hidden className="size-4" />
          </Button>
        </div>
        {reasonError !== undefined && <FieldError name={`${prefix}.reason`} text={reasonError} />}
        <Shifts
          prefix={prefix}
          name={name}
          shifts={exception.shifts}
          onChange={onChange && ((shifts) => onChange({ ...exception, shifts }))}
        />
      </div>
    </fieldset>
  );
}

/** The shifts of one day. Without `onChange` they stand inside a `noscript` already, and those cannot be nested. */
function Shifts({
  prefix,
  name,
  shifts,
  onChange,
  extra,
}: {
  prefix: string;
  name: string;
  shifts: Keyed<ShiftFields>[];
  onChange?: (shifts: Keyed<ShiftFields>[]) => void;
  extra?: React.ReactNode;
}) {
  const error = useAnswer()?.errors?.[prefix];
  const spare = (
    <ShiftRow
      prefix={`${prefix}.${shifts.length}`}
      name={`${name}, more`}
      shift={{ ...blankShift, key: 0, fresh: false }}
    />
  );
  return (
    <div
      className={`flex gap-2 ${shifts.length === 0 ? 'flex-wrap gap-x-6' : 'min-w-0 basis-full flex-col desk:basis-auto'}`}
    >
      {shifts.length === 0 && <p className="pt-2.5 text-quiet desk:pt-2">Closed</p>}
      {shifts.map((shift, n) => (
        <ShiftRow
          key={shift.key}
          prefix={`${prefix}.${n}`}
          name={shifts.length === 1 ? name : `${name}, part ${n + 1}`}
          shift={shift}
          onChange={(next) => onChange?.(shifts.map((it) => (it.key === shift.key ? { ...it, ...next } : it)))}
          onRemove={() => {
            onChange?.(shifts.filter((it) => it.key !== shift.key));
            document.getElementById(`${prefix}-add`)?.focus();
          }}
        />
      ))}
      {onChange === undefined ? spare : <noscript>{spare}</noscript>}
      {error !== undefined && <FieldError name={prefix} text={error} />}
      <div className="needs-script -ml-4 flex flex-wrap gap-x-2 desk:-ml-3">
        <Button
          id={`${prefix}-add`}
          variant="quiet"
          aria-label={shifts.length === 0 ? `Open on ${name}` : `Add hours on ${name}`}
          onClick={() => onChange?.([...shifts, keyed(blankShift, true)])}
        >
          <Plus aria-hidden className="size-4" />
          {shifts.length === 0 ? 'Open' : 'Add hours'}
        </Button>
        {extra}
      </div>
    </div>
  );
}

function ShiftRow({
  prefix,
  name,
  shift,
  onChange,
  onRemove,
}: {
  prefix: string;
  name: string;
  shift: Keyed<ShiftFields>;
  onChange?: (next: ShiftFields) => void;
  onRemove?: () => void;
}) {
  const errors = useAnswer()?.errors ?? {};
  const opensError = errors[`${prefix}.opens`];
  const closesError = errors[`${prefix}.closes`];
  const { opens, closes } = shift;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={shift.fresh ? focusOnArrival : undefined}
          type="time"
          name={`${prefix}.opens`}
          aria-label={`${name}: opens`}
          {...typed(opens, onChange && ((value) => onChange({ opens: value, closes })))}
          className={`${inputClass} min-w-34 flex-1 basis-34 desk:max-w-34`}
          {...described(`${prefix}.opens`, undefined, opensError)}
        />
        <span className="shrink-0 text-quiet">to</span>
        <input
          type="time"
          name={`${prefix}.closes`}
          aria-label={`${name}: closes`}
          {...typed(closes, onChange && ((value) => onChange({ opens, closes: value })))}
          className={`${inputClass} min-w-34 flex-1 basis-34 desk:max-w-34`}
          {...described(`${prefix}.closes`, undefined, closesError)}
        />
        <Button variant="quiet" className="needs-script px-2!" onClick={onRemove} aria-label={`Remove hours: ${name}`}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      {opensError !== undefined && <FieldError name={`${prefix}.opens`} text={opensError} />}
      {closesError !== undefined && <FieldError name={`${prefix}.closes`} text={closesError} />}
    </div>
  );
}

function focusOnArrival(input: HTMLInputElement | null) {
  input?.focus();
}

/** Kept in state where somebody listens, left to the browser where nobody does. */
function typed(value: string, onChange: ((value: string) => void) | undefined) {
  return onChange === undefined
    ? { defaultValue: value }
    : { value, onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange(event.currentTarget.value) };
}
