/** Longest example that is kept. */
const MOST_CHARACTERS = 300;

const FOREIGN_WORD = '(?:(?!\\p{ASCII})[\\p{L}\\p{M}])+';

/** What may hold a person's data or a secret, and what stands in its place; the order matters. */
const masks: readonly [RegExp, string][] = [
  [/"(?:[^"\\]|\\.)*"|“[^”]*”|«[^»]*»|`[^`]*`/g, '<value>'],
  [/(?<![\p{L}\p{N}])'[^']*'/gu, '<value>'],
  // One that was cut off before its end.
  [/(?:["“«`]|(?<![\p{L}\p{N}])').*$/gu, '<value>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '<url>'],
  [/[^\s<>()[\]{},;:=]+@[^\s<>()[\]{},;:=]+/g, '<email>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<id>'],
  [/\b(?:Bearer|Basic)\s+\S+/gi, '<token>'],
  [/\b(?=[\w-]*\d)[\w-]{20,}(?:\.[\w-]+)*/g, '<token>'],
  [/\b(?:sk|pk|key|token)[-_][\w*.-]+/gi, '<token>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, '<address>'],
  [/(?<![\w.<])\/[^\s)]+/g, '<path>'],
  [/\+?\d(?:[ ()-]{0,2}\d){6,}/g, '<number>'],
  // Messages of code are English: other words were written by people.
  [new RegExp(`${FOREIGN_WORD}(?:[\\s\\d,.!?-]*${FOREIGN_WORD})*`, 'gu'), '<words>'],
];

/**
 * A message of an error in one line of at most 300 characters, without what may be a person's words, an address or a secret: quoted
 * values, e-mails, URLs, paths, ids, tokens, numbers of telephones, and words that are not English.
 */
export function scrub(text: string): string {
  // What is cut off was not looked at either.
  let scrubbed = text.slice(0, 4_000).replace(/\s+/g, ' ').trim();
  for (const [pattern, mark] of masks) scrubbed = scrubbed.replace(pattern, mark);
  return scrubbed.length > MOST_CHARACTERS ? `${scrubbed.slice(0, MOST_CHARACTERS - 1)}…` : scrubbed;
}
