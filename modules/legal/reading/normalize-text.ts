// biome-ignore lint/suspicious/noControlCharactersInRegex: they break lines
const lineBreaks = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
const softHyphens = /\u00ad\n?/g;
// Controls other than tab and line feed, and marks that are invisible or reorder what is shown.
// Joiners (U+200C, U+200D) stay: scripts and emoji need them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const invisible = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const oddSpaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const blankLines = /\n{4,}/g;

/**
 * The form in which text is stored, the same whatever file it came from: NFC, `\n` line ends, plain spaces, nothing
 * invisible, no spaces at line ends, at most two blank lines in a row, none at either end. A word broken by a soft
 * hyphen is whole again. Applied to each page before pages are joined, so that page starts count in the result.
 */
export function normalizeText(text: string): string {
  return trimLineEnds(
    text
      .toWellFormed()
      .replaceAll(lineBreaks, '\n')
      .replaceAll(softHyphens, '')
      .replaceAll(invisible, '')
      .replaceAll(oddSpaces, ' ')
      .normalize('NFC'),
  )
    .replaceAll(blankLines, '\n\n\n')
    .replace(/^\n+/, '')
    .trimEnd();
}

/** Line by line, as `/[ \t]+$/gm` takes quadratic time on long runs of spaces. */
function trimLineEnds(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
