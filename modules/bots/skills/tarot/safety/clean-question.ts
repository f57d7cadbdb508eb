/** Characters of a question. */
export const LONGEST_QUESTION = 1_000;

/**
 * A question as it may stand in a prompt: on one line, without control characters and those that cannot be seen.
 * @returns undefined when it is too long
 */
export function cleanQuestion(text: string): string | undefined {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim();
  return [...clean].length > LONGEST_QUESTION ? undefined : clean;
}
