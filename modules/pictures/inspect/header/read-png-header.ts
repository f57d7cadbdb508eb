import { DamagedPicture, type PictureHeader } from './header.ts';

const SIGNATURE_BYTES = 8;
/** Length and type before the content of a chunk, and a checksum after it. */
const CHUNK_BYTES = 12;
const IHDR_BYTES = 13;

/**
 * Reads the dimensions of a PNG, which its first chunk holds, and follows the others to the last one (PNG specification, 5.3 and 11.2.1).
 * @throws DamagedPicture
 */
export function readPngDimensions(content: Buffer): Pick<PictureHeader, 'width' | 'height'> {
  const start = SIGNATURE_BYTES + 8;
  const isWhole = content.length >= start + IHDR_BYTES && content.readUInt32BE(SIGNATURE_BYTES) === IHDR_BYTES;
  if (!isWhole || chunkType(content, SIGNATURE_BYTES) !== 'IHDR') throw new DamagedPicture('Read PNG: no IHDR');
  return { width: content.readUInt32BE(start), height: content.readUInt32BE(start + 4) };
}

/** Follows the chunks to IEND. @throws DamagedPicture */
export function readPngStructure(content: Buffer): Pick<PictureHeader, 'isAnimated' | 'end'> {
  let isAnimated = false;
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= content.length; ) {
    const type = chunkType(content, at);
    at += CHUNK_BYTES + content.readUInt32BE(at);
    if (type === 'acTL') isAnimated = true;
    if (type === 'IEND' && at <= content.length) return { isAnimated, end: at };
  }
  throw new DamagedPicture('Read PNG: no IEND');
}

const chunkType = (content: Buffer, at: number): string => content.toString('latin1', at + 4, at + 8);
