import { ParseFailure } from '../contract.ts';
import { type CharacterLook, characterLook, type ParagraphPlace, paragraphPlace } from './properties.ts';
import { readStyles } from './styles.ts';

/*
 * The parts of a Word 97–2003 document that its text is made of ([MS-DOC] 2.3–2.9): the pieces of text in their
 * order, which of its bytes are deleted or hidden, and which paragraphs stand in tables. Positions of characters (CP)
 * count in the text, positions of bytes (FC) in the stream `WordDocument`.
 */

export interface DocFile {
  pieces: Piece[];
  /** Characters of the parts of the text, which stand one behind the other. */
  lengths: { body: number; footnotes: number; headers: number; comments: number; endnotes: number };
  /** Where notes are referred to in the body, and where their texts begin in their part. */
  footnotes: NotePlaces;
  endnotes: NotePlaces;
  /** Characters of text boxes, behind all other parts. */
  boxes: number;
  lookAt(fc: number): CharacterLook;
  /** The name of a font by its place in the file's list. */
  fontName(index: number | undefined): string | undefined;
  paragraphAt(fc: number): ParagraphPlace;
}

export interface Piece {
  cp: number;
  fc: number;
  /** Bytes that a character takes. */
  width: 1 | 2;
  text: string;
}

export interface NotePlaces {
  references: number[];
  texts: number[];
}

interface Run<T> {
  start: number;
  end: number;
  value: T;
}

const oldestVersion = 0xc1;
const mostCharacters = 0x1000_0000;
const pageBytes = 512;
const plainParagraph = paragraphPlace(0, Buffer.alloc(0));

/** @throws ParseFailure; RangeError where it points outside itself */
export function readDocFile(main: Buffer, table: (name: '0Table' | '1Table') => Buffer): DocFile {
  if (main.length >= 4 && main.readUInt16LE(0) === 0xa5dc) {
    throw new ParseFailure('old-word', 'Read DOC: the file is older than Word 97');
  }
  if (main.length < 0x22a || main.readUInt16LE(0) !== 0xa5ec) {
    throw new ParseFailure('damaged', 'Read DOC: its beginning is broken');
  }
  const flags = main.readUInt16LE(0x0a);
  if ((flags & 0x0100) !== 0) throw new ParseFailure('encrypted', 'Read DOC: a password is needed');
  if (main.readUInt16LE(2) < oldestVersion) {
    throw new ParseFailure('old-word', 'Read DOC: the file is older than Word 97');
  }
  const tables = table((flags & 0x0200) === 0 ? '0Table' : '1Table');
  const part = (offset: number): Buffer => {
    const start = main.readUInt32LE(offset);
    const length = main.readUInt32LE(offset + 4);
    if (start + length > tables.length) throw new ParseFailure('damaged', 'Read DOC: a part is cut off');
    return tables.subarray(start, start + length);
  };
  const findParagraph = createFinder(formattedRuns(main, part(0x0102), paragraphRun));
  const paragraphAt = (fc: number) => findParagraph(fc) ?? plainParagraph;
  const styleAt = (fc: number) => paragraphAt(fc).style;
  const fonts = readFonts(part(0x0112));
  const [sheetStart, sheetBytes] = [main.readUInt32LE(0x00a2), main.readUInt32LE(0x00a6)];
  // Its looks are worth less than the text: one that is broken is none.
  const styleSheet = tables.subarray(sheetStart, sheetStart + sheetBytes);
  const places = (references: number, texts: number): NotePlaces => ({
    // What stands next to each reference is two bytes.
    references: positions(part(references), 2),
    texts: positions(part(texts), 0),
  });
  return {
    pieces: readPieces(main, part(0x01a2)),
    lengths: {
      body: main.readUInt32LE(0x4c),
      footnotes: main.readUInt32LE(0x50),
      headers: main.readUInt32LE(0x54),
      comments: main.readUInt32LE(0x5c),
      endnotes: main.readUInt32LE(0x60),
    },
    footnotes: places(0x00aa, 0x00b2),
    endnotes: places(0x020a, 0x0212),
    boxes: main.readUInt32LE(0x64),
    lookAt: createLooks(formattedRuns(main, part(0x00fa), characterRun), styleAt, styleSheet),
    fontName: (index) => (index === undefined ? undefined : fonts[index]),
    paragraphAt,
  };
}

function readPieces(main: Buffer, clx: Buffer): Piece[] {
  let position = 0;
  // Properties of pieces stand before the table of pieces.
  while (clx[position] === 1) position += 3 + clx.readUInt16LE(position + 1);
  if (clx[position] !== 2) throw new ParseFailure('damaged', 'Read DOC: its table of pieces is missing');
  const length = clx.readUInt32LE(position + 1);
  const plc = clx.subarray(position + 5, position + 5 + length);
  const count = Math.floor((plc.length - 4) / 12);
  const pieces: Piece[] = [];
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const cp = plc.readUInt32LE(index * 4);
    const characters = plc.readUInt32LE((index + 1) * 4) - cp;
    const stored = plc.readUInt32LE((count + 1) * 4 + index * 8 + 2);
    const isNarrow = (stored & 0x4000_0000) !== 0;
    const fc = isNarrow ? (stored & 0x3fff_ffff) >>> 1 : stored & 0x3fff_ffff;
    const width = isNarrow ? 1 : 2;
    total += characters;
    // Pieces may overlap in the file, so that a small one could claim any amount of text.
    if (characters < 0 || total > mostCharacters || total > main.length * 4) {
      throw new ParseFailure('damaged', 'Read DOC: its pieces are longer than the file');
    }
    const bytes = main.subarray(fc, fc + characters * width);
    pieces.push({ cp, fc, width, text: new TextDecoder(isNarrow ? 'windows-1252' : 'utf-16le').decode(bytes) });
  }
  return pieces;
}

/** The first of two numbers is one more than there are of the second. */
function positions(plc: Buffer, besides: number): number[] {
  if (plc.length < 8) return [];
  const count = Math.floor((plc.length - 4) / (4 + besides));
  return Array.from({ length: besides === 0 ? count + 1 : count }, (_, index) =>
    index * 4 + 4 <= plc.length ? plc.readUInt32LE(index * 4) : 0,
  );
}

/** Reads the pages of formatting that a table of pages lists; runs without a value are left out. */
function formattedRuns<T>(
  main: Buffer,
  plc: Buffer,
  readRun: (page: Buffer, index: number, count: number) => T | undefined,
): Run<T>[] {
  const runs: Run<T>[] = [];
  const pages = Math.floor((plc.length - 4) / 8);
  for (let index = 0; index < pages; index += 1) {
    const number = plc.readUInt32LE((pages + 1) * 4 + index * 4) & 0x3f_ffff;
    const page = main.subarray(number * pageBytes, (number + 1) * pageBytes);
    if (page.length < pageBytes) continue;
    const count = page[pageBytes - 1] as number;
    for (let run = 0; run < count && (run + 2) * 4 <= pageBytes; run += 1) {
      const value = readRun(page, run, count);
      if (value === undefined) continue;
      runs.push({ start: page.readUInt32LE(run * 4), end: page.readUInt32LE((run + 1) * 4), value });
    }
  }
  return runs.sort((a, b) => a.start - b.start);
}

function characterRun(page: Buffer, run: number, count: number): Buffer | undefined {
  const offset = (page[(count + 1) * 4 + run] ?? 0) * 2;
  return offset === 0 ? undefined : page.subarray(offset + 1, offset + 1 + (page[offset] ?? 0));
}

function paragraphRun(page: Buffer, run: number, count: number): ParagraphPlace | undefined {
  const offset = (page[(count + 1) * 4 + run * 13] ?? 0) * 2;
  if (offset === 0) return undefined;
  const half = page[offset] ?? 0;
  const [start, length] = half === 0 ? [offset + 2, (page[offset + 1] ?? 0) * 2] : [offset + 1, half * 2 - 1];
  // The paragraph's style stands first.
  const style = start + 2 <= page.length ? page.readUInt16LE(start) : 0;
  return paragraphPlace(style, page.subarray(start + 2, start + length));
}

/** Names of fonts: a byte of length, 39 bytes about the font, and its name ([MS-DOC] 2.9.286). */
function readFonts(list: Buffer): string[] {
  const names: string[] = [];
  let position = 4;
  while (position < list.length && names.length < 5000) {
    const length = list[position] as number;
    const name = list.subarray(position + 40, position + 1 + length).toString('utf16le');
    names.push(name.split('\0')[0] ?? '');
    position += 1 + length;
  }
  return names;
}

/** Finds the value of the run that a position lies in; runs are sorted and do not overlap. Most calls follow one another. */
function createFinder<T>(runs: readonly Run<T>[]): (position: number) => T | undefined {
  let last: Run<T> | undefined;
  return (position) => {
    if (last && position >= last.start && position < last.end) return last.value;
    let low = 0;
    let high = runs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const run = runs[middle] as Run<T>;
      if (position < run.start) high = middle - 1;
      else if (position >= run.end) low = middle + 1;
      else {
        last = run;
        return run.value;
      }
    }
    return undefined;
  };
}

/** Looks by the properties of a run and the style of its paragraph; each is one object, however often it is asked for. */
function createLooks(runs: readonly Run<Buffer>[], styleAt: (fc: number) => number, sheet: Buffer) {
  const styles = readStyles(sheet);
  const find = createFinder(runs);
  const known = new Map<Buffer | undefined, Map<number, CharacterLook>>();
  return (fc: number): CharacterLook => {
    const own = find(fc);
    const style = styleAt(fc);
    const looks = known.get(own) ?? new Map<number, CharacterLook>();
    known.set(own, looks);
    const found = looks.get(style) ?? lookOf(own, style);
    looks.set(style, found);
    return found;
  };

  function lookOf(own: Buffer | undefined, style: number): CharacterLook {
    if (!own) return styles.look(style, undefined);
    return characterLook(own, styles.look(style, characterLook(own).style));
  }
}
