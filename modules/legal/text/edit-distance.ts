/** Letters of a word from which one typing error is forgiven, and from which two are. */
const oneError = 5;
const twoErrors = 8;
/** Letters that two words which are two errors apart begin with. */
const sureLetters = 3;

/** Most typing errors that a word may have to be taken for another one. */
export const errorsForgiven = (word: string): number =>
  word.length >= twoErrors ? 2 : word.length >= oneError ? 1 : 0;

/**
 * Typing errors between two words: letters missing, added, changed, or in each other's place (optimal string alignment).
 * Words that begin with different letters, or are more than `most` errors apart, are `most + 1` apart.
 */
export function typingErrors(one: string, other: string, most: number): number {
  const far = most + 1;
  if (one === other) return 0;
  if (one[0] !== other[0] || Math.abs(one.length - other.length) > most) return far;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let errors = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwapped) errors = Math.min(errors, (before[column - 2] as number) + 1);
      current.push(errors);
      least = Math.min(least, errors);
    }
    if (least > most) return far;
    [before, last] = [last, current];
  }
  return Math.min(last[other.length] as number, far);
}

/** The word of a vocabulary that is nearest to one with typing errors; undefined when none is near enough. */
export function nearestWord(word: string, vocabulary: Iterable<string>): string | undefined {
  let least = errorsForgiven(word);
  if (least === 0) return undefined;
  let nearest: string | undefined;
  for (const other of vocabulary) {
    const errors = typingErrors(word, other, least);
    if (errors > least || other === nearest) continue;
    // «подошедших» is no misspelt «прошедших»: two errors stand far from the beginning.
    if (errors > 1 && word.slice(0, sureLetters) !== other.slice(0, sureLetters)) continue;
    // Of several at one distance the first is taken: they mostly are forms of one word.
    if (errors < least || nearest === undefined) nearest = other;
    least = errors;
  }
  return nearest;
}
