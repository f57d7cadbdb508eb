import { DamagedPicture, type PictureHeader } from './header.ts';

/*
 * A JPEG is a row of segments, each with a marker (FF and a number) and, but for a few, its length; after the header of a scan come
 * coded data, in which FF stands only before 0 or a restart marker (ITU-T T.81, annex B).
 */

const EOI = 0xd9;
const SOS = 0xda;
/** Start of a frame, of any coding; three numbers in between have another meaning. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
/** Markers without a segment. */
const isBare = (marker: number) => isRestart(marker) || marker === 0x01 || marker === 0xd8;

interface Segment {
  marker: number;
  /** Of its content, behind the length. */
  start: number;
  end: number;
}

/** Reads the first frame. @throws DamagedPicture */
export function readJpegDimensions(content: Buffer): Pick<PictureHeader, 'width' | 'height'> {
  for (const { marker, start, end } of segments(content)) {
    if (marker === SOS) break;
    if (!isFrame(marker)) continue;
    if (end - start < 6) break;
    return { height: content.readUInt16BE(start + 1), width: content.readUInt16BE(start + 3) };
  }
  throw new DamagedPicture('Read JPEG: no frame');
}

/** Follows the segments to the end of the picture. @throws DamagedPicture */
export function readJpegStructure(content: Buffer): Pick<PictureHeader, 'isAnimated' | 'end'> {
  for (const { marker, end } of segments(content)) if (marker === EOI) return { isAnimated: false, end };
  throw new DamagedPicture('Read JPEG: no EOI');
}

/** All segments up to and with EOI, coded data left out. @throws DamagedPicture */
function* segments(content: Buffer): Generator<Segment> {
  for (let at = 2; at + 2 <= content.length; ) {
    if (content[at] !== 0xff) throw new DamagedPicture('Read JPEG: no marker where one must stand');
    const marker = content[at + 1] as number;
    if (marker === 0xff) {
      at += 1; // fill
      continue;
    }
    const start = at + 2;
    if (marker === EOI) yield { marker, start, end: start };
    if (marker === EOI) return;
    if (isBare(marker)) {
      at = start;
      continue;
    }
    if (start + 2 > content.length) break;
    const end = start + content.readUInt16BE(start);
    if (end < start + 2 || end > content.length) break;
    yield { marker, start: start + 2, end };
    at = marker === SOS ? endOfScan(content, end) : end;
  }
  throw new DamagedPicture('Read JPEG: it ends within a segment');
}

/** Where the next marker stands behind coded data. */
function endOfScan(content: Buffer, from: number): number {
  for (let at = from; ; at += 2) {
    at = content.indexOf(0xff, at);
    const marker = content[at + 1];
    if (at === -1 || marker === undefined) return content.length;
    if (marker === 0xff) at -= 1;
    else if (marker !== 0 && !isRestart(marker)) return at;
  }
}
