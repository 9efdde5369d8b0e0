/** At most so many UTF-16 units of a text, as `length` counts; a character outside the first plane is not cut in two. */
export function cutTo(most: number, text: string): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}
