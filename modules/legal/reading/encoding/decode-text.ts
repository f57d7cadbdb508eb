import { decodeSingleByte } from './single-byte.ts';
import { unmarkedUtf16 } from './unmarked-utf16.ts';

/**
 * Bytes to text. Order of trust: byte order mark; UTF-16 by its pattern of bytes (in Russian it is valid UTF-8 as well);
 * valid UTF-8 (no single-byte encoding passes for it by chance); the encoding that the file declares; UTF-8 with few
 * mistakes; the single-byte encoding, Russian or western, that reads best. What cannot be decoded becomes U+FFFD; never
 * throws.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const marked = markedEncoding(bytes) ?? unmarkedUtf16(bytes);
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

/** Undefined for names no one knows, and for Unicode ones: the bytes have shown that they are not that. */
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
