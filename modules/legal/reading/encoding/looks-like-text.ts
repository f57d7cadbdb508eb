import { unmarkedUtf16 } from './unmarked-utf16.ts';

/** Beginnings of formats that are never a text, whatever the rest looks like. */
const binaryBeginnings = [
  '%PDF-',
  'PK\u0003\u0004',
  '\u00d0\u00cf\u0011\u00e0', // OLE: Word 97, encrypted Office files
  '\u00ff\u00d8\u00ff', // JPEG
  '\u0089PNG',
  'GIF8',
  '\u007fELF',
  'Rar!',
  '7z\u00bc\u00af',
  '\u001f\u008b', // gzip
  '{\\rtf',
];

const tabulators = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b]);

/**
 * Whether bytes read as a text in any encoding that is known here: no binary beginning, hardly any control characters.
 * Some NULs pass, as old programs pad with them; UTF-16 is full of them and passes by its mark or its pattern.
 */
export function looksLikeText(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (beginning.startsWith('\u00ff\u00fe') || beginning.startsWith('\u00fe\u00ff')) return bytes.length % 2 === 0;
  if (binaryBeginnings.some((magic) => beginning.startsWith(magic))) return false;
  if (unmarkedUtf16(bytes) !== undefined) return true;
  let controls = 0;
  let nuls = 0;
  for (const byte of bytes) {
    if (byte === 0) nuls += 1;
    else if (byte < 0x20 && !tabulators.has(byte)) controls += 1;
  }
  return controls <= bytes.length * 0.01 && nuls <= bytes.length * 0.2;
}
