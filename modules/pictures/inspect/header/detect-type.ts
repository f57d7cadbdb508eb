import type { PictureType } from './header.ts';

/** Types by their first bytes; a client's word for it is never asked. */
const signatures: { type: PictureType | 'gif' | 'heif'; matches(content: Buffer): boolean }[] = [
  { type: 'jpeg', matches: (content) => begins(content, 'ffd8ff') },
  { type: 'png', matches: (content) => begins(content, '89504e470d0a1a0a') },
  { type: 'webp', matches: (content) => words(content, 0) === 'RIFF' && words(content, 8) === 'WEBP' },
  { type: 'gif', matches: (content) => words(content, 0) === 'GIF8' },
  // AVIF and HEIC.
  { type: 'heif', matches: (content) => words(content, 4) === 'ftyp' },
];

const begins = (content: Buffer, hex: string) => content.toString('hex', 0, hex.length / 2) === hex;
const words = (content: Buffer, at: number) => content.toString('latin1', at, at + 4);

/** An SVG is a program in XML: with scripts, and references to files and servers. */
const SVG_SEARCHED_BYTES = 4096;
const isSvg = (content: Buffer) => {
  const text = content.toString('utf8', 0, SVG_SEARCHED_BYTES);
  return /^[\s\uFEFF]*</.test(text) && /<(?:\w+:)?svg[\s/>]/i.test(text);
};

export function detectType(content: Buffer): PictureType | 'gif' | 'heif' | 'svg' | undefined {
  const found = signatures.find(({ matches }) => matches(content))?.type;
  return found ?? (isSvg(content) ? 'svg' : undefined);
}
