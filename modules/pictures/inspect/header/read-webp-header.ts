import { DamagedPicture, type PictureHeader } from './header.ts';

/*
 * A WebP is a RIFF file whose first chunk tells its kind: VP8 (lossy), VP8L (lossless) or VP8X with a canvas
 * and further chunks (RFC 9649, 2.5 to 2.7).
 */

const FIRST_CHUNK = 12;
const FIRST_CONTENT = 20;
const ANIMATION_FLAG = 0x02;

/** @throws DamagedPicture */
export function readWebpDimensions(content: Buffer): Pick<PictureHeader, 'width' | 'height'> {
  const damaged = () => new DamagedPicture('Read WebP: no picture in its first chunk');
  if (content.length < FIRST_CONTENT + 10) throw damaged();
  const at = FIRST_CONTENT;
  switch (chunkType(content, FIRST_CHUNK)) {
    case 'VP8 ': {
      if (content.readUIntBE(at + 3, 3) !== 0x9d012a) throw damaged();
      return { width: content.readUInt16LE(at + 6) & 0x3fff, height: content.readUInt16LE(at + 8) & 0x3fff };
    }
    case 'VP8L': {
      if (content[at] !== 0x2f) throw damaged();
      const bits = content.readUInt32LE(at + 1);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: content.readUIntLE(at + 4, 3) + 1, height: content.readUIntLE(at + 7, 3) + 1 };
    default:
      throw damaged();
  }
}

/** @throws DamagedPicture */
export function readWebpStructure(content: Buffer): Pick<PictureHeader, 'isAnimated' | 'end'> {
  const end = 8 + content.readUInt32LE(4);
  if (end > content.length) throw new DamagedPicture('Read WebP: shorter than it says');
  const isExtended = chunkType(content, FIRST_CHUNK) === 'VP8X';
  return { isAnimated: isExtended && ((content[FIRST_CONTENT] as number) & ANIMATION_FLAG) !== 0, end };
}

const chunkType = (content: Buffer, at: number): string => content.toString('latin1', at, at + 4);
