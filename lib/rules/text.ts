/** At most so many UTF-16 units of a text, as `length` counts; a character outside the first plane is not cut in two. */
export function cutTo(most: number, text: string): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

/** Without the spaces at both ends; other blanks stay. In steps: a pattern would try each run of spaces inside to its end. */
export function withoutSpacesAround(text: string): string {
  let [from, to] = [0, text.length];
  while (text[from] === ' ') from += 1;
  while (to > from && text[to - 1] === ' ') to -= 1;
  return text.slice(from, to);
}
