/** Longest summary of a message, in UTF-16 units, as `length` counts. */
export const LONGEST_SUMMARY = 120;
/** A summary of fewer is a greeting ("Hi, it's Ann."), and the words after it are worth more than a whole sentence. */
const SHORTEST_SUMMARY = 40;

/**
 * What a caller wanted, in one line: the first sentences of what they said that fit, else as many of the first words. ''
 * where nothing was said.
 */
export function summaryOf(transcript: string): string {
  const line = transcript.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (line.length <= LONGEST_SUMMARY) return line;
  const sentences = asManyAsFit(line, 'sentence', LONGEST_SUMMARY).trim();
  return sentences.length >= SHORTEST_SUMMARY ? sentences : `${firstWords(line)}…`;
}

function asManyAsFit(line: string, granularity: 'grapheme' | 'sentence', most: number): string {
  let fitting = '';
  for (const { segment } of new Intl.Segmenter('en', { granularity }).segment(line)) {
    if (fitting.length + segment.trimEnd().length > most) break;
    fitting += segment;
  }
  return fitting;
}

/** Cut at a space where there is one; an emoji or an accented letter is never cut in two. */
function firstWords(line: string): string {
  const cut = asManyAsFit(line, 'grapheme', LONGEST_SUMMARY - 1);
  const space = line[cut.length] === ' ' ? -1 : cut.lastIndexOf(' ');
  return (space > 0 ? cut.slice(0, space) : cut).trimEnd();
}
