/** Enough to tell; a text that is UTF-16 is so from its beginning. */
const sampleBytes = 16 * 1024;
const fewestCharacters = 4;

/**
 * The byte order of UTF-16 that has no mark; undefined for anything else. Half of the bytes of a text in it name a block
 * of Unicode, the same few over and over: no other encoding gives nearly only characters of these blocks.
 */
export function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, Math.min(sampleBytes, bytes.length - (bytes.length % 2)));
  // Shorter ones are as likely to be anything else.
  if (sample.length < 8) return undefined;
  if (isText(sample, 1)) return 'utf-16le';
  return isText(sample, 0) ? 'utf-16be' : undefined;
}

/**
 * Nearly all pairs are characters of common blocks, and many of them letters or spaces: plain ASCII such as `> > >` has no
 * bytes that could name the blocks of letters. One byte over and over, as binary files are padded with, is no text.
 * @param high where the byte that names the block stands in each pair
 */
function isText(sample: Uint8Array, high: 0 | 1): boolean {
  let text = 0;
  let letters = 0;
  const distinct = new Set<number>();
  for (let index = 0; index < sample.length; index += 2) {
    const block = sample[index + high] as number;
    const character = sample[index + 1 - high] as number;
    const isLatin = block === 0 && (character >= 0x20 || isSpace(character));
    if (!isLatin && !isCommonBlock(block)) continue;
    text += 1;
    if (block <= 0x04) letters += 1;
    distinct.add(block * 256 + character);
  }
  const pairs = sample.length / 2;
  return text >= pairs * 0.97 && letters >= pairs * 0.3 && distinct.size >= fewestCharacters;
}

const isSpace = (byte: number) => byte === 0x09 || byte === 0x0a || byte === 0x0d;
/** Latin with marks, Greek and Cyrillic, punctuation, currencies and №, box drawing. */
const isCommonBlock = (block: number) =>
  block === 0x01 || block === 0x03 || block === 0x04 || (block >= 0x20 && block <= 0x22) || block === 0x25;
