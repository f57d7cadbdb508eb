/**
 * A platform stores a text normalized, so its offsets differ from the file's by white space and invisible characters.
 * The visible characters are the same and in the same order: offsets are carried over by counting them.
 */
export interface Alignment {
  /** The file's offset of an offset into the stored text. */
  toFile(offset: number): number;
  /** Share of the file's visible characters that the stored text has at the same place, from 0 to 1. */
  agreement: number;
}

export function align(file: string, stored: string): Alignment {
  const fileOffsets = visibleOffsets(file);
  const storedOffsets = visibleOffsets(stored);
  const length = Math.min(fileOffsets.length, storedOffsets.length);
  let same = 0;
  for (let index = 0; index < length; index++) {
    if (file[fileOffsets[index] as number] === stored[storedOffsets[index] as number]) same++;
  }
  return {
    agreement: fileOffsets.length === 0 ? 1 : same / fileOffsets.length,
    toFile(offset) {
      const visible = firstAtOrBehind(storedOffsets, offset);
      return fileOffsets[visible] ?? file.length;
    },
  };
}

function visibleOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length);
  let count = 0;
  for (const match of text.matchAll(/[^\s\u00ad\u200b-\u200f\u2060\ufeff]/g)) offsets[count++] = match.index;
  return offsets.subarray(0, count);
}

/** Index of the first of rising numbers that is at least this one. */
function firstAtOrBehind(numbers: Uint32Array, least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
