/** Cyrillic letters from the most to the least frequent in Russian. */
const russianByFrequency = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ';
const letterWeights = new Map([...russianByFrequency].map((letter, rank) => [letter, 16 - rank]));
const singleByteEncodings = ['windows-1251', 'koi8-r', 'ibm866'] as const;

/**
 * Bytes to text. Order of trust: byte order mark; valid UTF-8 (no other encoding passes for it by chance); the
 * encoding that the file declares; UTF-8 with few mistakes; the Russian single-byte encoding that reads best.
 * What cannot be decoded becomes U+FFFD; never throws.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const marked = markedEncoding(bytes);
  if (marked !== undefined) return new TextDecoder(marked).decode(bytes);
  const utf8 = new TextDecoder().decode(bytes);
  if (!utf8.includes('\ufffd')) return utf8;
  const named = declaredDecoder(declared);
  if (named !== undefined) return named.decode(bytes);
  return isNearlyUtf8(utf8) ? utf8 : decodeSingleByte(bytes);
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Undefined for names nobody knows, and for Unicode ones: the bytes have shown that they are not that. */
function declaredDecoder(label: string | undefined): TextDecoder | undefined {
  if (label === undefined) return undefined;
  try {
    const decoder = new TextDecoder(label);
    return decoder.encoding.startsWith('utf-') ? undefined : decoder;
  } catch {
    return undefined;
  }
}

/** A cut or a flipped bit in real UTF-8 leaves other characters whole; other encodings hardly make one by chance. */
function isNearlyUtf8(decoded: string): boolean {
  const broken = decoded.match(/\ufffd+/g)?.length ?? 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is left out
  const whole = decoded.match(/[^\u0000-\u007f\ufffd]/g)?.length ?? 0;
  return whole >= broken;
}

function decodeSingleByte(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 64 * 1024);
  const scored = singleByteEncodings.map((encoding) => ({
    encoding,
    score: russianScore(new TextDecoder(encoding).decode(sample)),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return new TextDecoder(best.encoding).decode(bytes);
}

/**
 * Higher for text that reads like Russian: frequent letters count for it. Against it count a capital behind a small
 * letter (what KOI8-R and windows-1251 make of each other), a word of Latin and Cyrillic letters (what CP866 makes of
 * typographic quotes) and unusual signs.
 */
function russianScore(text: string): number {
  let score = 0;
  let previous: 'small' | 'capital' | 'latin' | 'other' = 'other';
  for (const character of text) {
    const small = character.toLowerCase();
    const weight = letterWeights.get(small);
    if (weight !== undefined) {
      const isSmall = character === small;
      const unlikely = previous === 'latin' || (previous === 'small' && !isSmall);
      score += unlikely ? -32 : weight;
      previous = isSmall ? 'small' : 'capital';
    } else if (/[a-z]/.test(small)) {
      if (previous === 'small' || previous === 'capital') score -= 32;
      previous = 'latin';
    } else {
      if (character > '\u007f' && !'№§«»“”„’–—…•\u00a0'.includes(character)) score -= 16;
      previous = 'other';
    }
  }
  return score;
}
