/** Forms with rows: a field's name is a prefix, the number of its row and what it is, such as `people.0.name`. */

/** What was typed, by the name of the field. */
export type FormValues = Readonly<Record<string, string>>;
/** What is wrong, by the name of the field. */
export type FormErrors = Readonly<Record<string, string>>;

/** The numbers of the rows under a prefix, ascending. More than a thousand rows are more than anybody types. */
export function rowsUnder(values: FormValues, prefix: string): readonly number[] {
  const found = new Set<number>();
  for (const name of Object.keys(values)) {
    const [, number] = name.startsWith(`${prefix}.`) ? (/^(\d{1,3})\./.exec(name.slice(prefix.length + 1)) ?? []) : [];
    if (number !== undefined) found.add(Number(number));
  }
  return [...found].sort((a, b) => a - b);
}
