/*
 * RTF 1.9.1 as tokens. The file is bytes; everything beyond ASCII is escaped, or bytes of a code page that only the
 * interpreter knows.
 */

export type RtfToken =
  | { type: 'open' | 'close' }
  | { type: 'word'; name: string; value: number | undefined }
  /** A character that is written with a backslash before it: `~`, `-`, `_`, `*`. */
  | { type: 'symbol'; name: string }
  /** Bytes of text in the code page in force. */
  | { type: 'bytes'; bytes: Uint8Array };

const [backslash, openBrace, closeBrace, apostrophe, minus, space] = [0x5c, 0x7b, 0x7d, 0x27, 0x2d, 0x20];
const longestWord = 32;

export function* rtfTokens(file: Uint8Array): Generator<RtfToken> {
  let position = 0;
  while (position < file.length) {
    const byte = file[position] as number;
    if (byte === openBrace || byte === closeBrace) {
      yield { type: byte === openBrace ? 'open' : 'close' };
      position += 1;
    } else if (byte !== backslash) {
      const start = position;
      while (position < file.length && isPlain(file[position] as number)) position += 1;
      yield { type: 'bytes', bytes: withoutLineEnds(file.subarray(start, position)) };
    } else if (file[position + 1] === apostrophe) {
      const value = Number.parseInt(ascii(file, position + 2, position + 4), 16);
      if (!Number.isNaN(value)) yield { type: 'bytes', bytes: Uint8Array.of(value) };
      position += 4;
    } else if (!isLetter(file[position + 1])) {
      const name = ascii(file, position + 1, position + 2);
      // An escaped line end is a paragraph's.
      yield name === '\n' || name === '\r' ? { type: 'word', name: 'par', value: undefined } : { type: 'symbol', name };
      position += 2;
    } else {
      let end = position + 1;
      while (isLetter(file[end]) && end - position <= longestWord) end += 1;
      const name = ascii(file, position + 1, end);
      const begin = end;
      if (file[end] === minus) end += 1;
      while (isDigit(file[end]) && end - begin < 11) end += 1;
      const digits = ascii(file, begin, end);
      const value = /\d/.test(digits) ? Number(digits) : undefined;
      position = file[end] === space ? end + 1 : end;
      // Bytes that are no text. A length that is a lie ends with the file, not beyond it.
      if (name === 'bin') position = skipBinary(file, position, value);
      else yield { type: 'word', name, value };
    }
  }
}

/** A length that goes past the end of the file is none. */
function skipBinary(file: Uint8Array, position: number, length = 0): number {
  return length > 0 && position + length <= file.length ? position + length : position;
}

const isPlain = (byte: number) => byte !== backslash && byte !== openBrace && byte !== closeBrace;
const isLetter = (byte = 0) => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
const isDigit = (byte = 0) => byte >= 0x30 && byte <= 0x39;
const ascii = (file: Uint8Array, start: number, end: number) => String.fromCharCode(...file.subarray(start, end));

/** Line ends of the file are none of the text's. */
function withoutLineEnds(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0x0a) || bytes.includes(0x0d) ? bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d) : bytes;
}
