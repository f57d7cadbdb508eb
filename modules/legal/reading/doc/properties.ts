import { isPaperRgb } from '../markup/colours.ts';
import { deepestTable } from '../markup/table-depths.ts';
import type { RowEdges } from '../markup/table-grid.ts';

/* Properties of characters and paragraphs, as lists of codes and values ([MS-DOC] 2.6). */

export interface CharacterLook {
  deleted?: boolean;
  hidden?: boolean;
  vertical?: 'super' | 'sub' | 'none';
  /** Half points above the line. */
  raised?: number;
  /** Half points. */
  size?: number;
  bold?: boolean;
  /** In the colour of paper. */
  white?: boolean;
  /** On a ground of its own. */
  shaded?: boolean;
  font?: number;
  /** The style of the characters. */
  style?: number;
  /** A sign of a font that stands in place of the character. */
  symbol?: { font: number; code: number };
  /** Where the stream `Data` has the picture or form field that a character stands for. */
  data?: number;
  isFormData?: boolean;
}

export interface ParagraphPlace {
  style: number;
  /** Tables around it. */
  level: number;
  /** It is the mark at a row's end. */
  endsRow: boolean;
  /** Its mark is the end of a cell, of a table in a cell. */
  endsCell: boolean;
  /** Of a mark at a row's end. */
  edges?: RowEdges | undefined;
  isDropCap: boolean;
  isFrame: boolean;
  isShaded: boolean;
}

const sprm = {
  ...{ deleted: 0x0800, hidden: 0x083c, bold: 0x0835, script: 0x2a48, raised: 0x4845, size: 0x4a43 },
  ...{ symbol: 0x6a09, font: 0x4a4f, data: 0x6a03, isFormData: 0x0806, style: 0x4a30 },
  ...{ colour: 0x6870, colourIndex: 0x2a42, highlight: 0x2a0c, shading: 0xca71, oldShading: 0x4866 },
  ...{ inTable: 0x2416, endsRow: 0x2417, level: 0x6649, endsInnerCell: 0x244b, endsInnerRow: 0x244c },
  ...{ dropCap: 0x442c, isHeader: 0x3404, table: 0xd608, ground: 0xc64d, oldGround: 0x442d },
};
const frameProperties = [0x261b, 0x8418, 0x8419, 0x841a];
const WHITE_INDEX = 8;
const SAME_AS_STYLE = 0x80;
const UNLIKE_STYLE = 0x81;

/** What a list of properties says of characters, on top of what their styles say. */
export function characterLook(list: Buffer, base: CharacterLook = {}): CharacterLook {
  const properties = readProperties(list);
  const byte = (name: number) => properties.get(name)?.[0];
  const toggle = (name: number, ofStyle: boolean | undefined) => {
    const value = byte(name);
    if (value === undefined || value === SAME_AS_STYLE) return undefined;
    return value === UNLIKE_STYLE ? !ofStyle : value === 1;
  };
  const script = byte(sprm.script);
  const symbol = properties.get(sprm.symbol);
  return {
    ...base,
    ...known({
      deleted: toggle(sprm.deleted, false),
      hidden: toggle(sprm.hidden, base.hidden),
      bold: toggle(sprm.bold, base.bold),
      vertical: script === undefined ? undefined : script === 1 ? 'super' : script === 2 ? 'sub' : 'none',
      isFormData: toggle(sprm.isFormData, false),
      white: isWhite(properties),
      shaded: isShaded(properties),
      raised: number(properties.get(sprm.raised), 'readInt16LE'),
      size: number(properties.get(sprm.size), 'readUInt16LE'),
      font: number(properties.get(sprm.font), 'readUInt16LE'),
      style: number(properties.get(sprm.style), 'readUInt16LE'),
      data: number(properties.get(sprm.data), 'readUInt32LE'),
      symbol: symbol && symbol.length >= 4 ? { font: symbol.readUInt16LE(0), code: symbol.readUInt16LE(2) } : undefined,
    }),
  };
}

/** Without what is not known. */
const known = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };

function isWhite(properties: ReadonlyMap<number, Buffer>): boolean | undefined {
  const colour = properties.get(sprm.colour);
  if (colour && colour.length >= 4) {
    // The last byte says that the colour is that of the system.
    return colour[3] === 0 && isPaperRgb(colour[0], colour[1], colour[2]);
  }
  const index = properties.get(sprm.colourIndex)?.[0];
  return index === undefined ? undefined : index === WHITE_INDEX;
}

function isShaded(properties: ReadonlyMap<number, Buffer>): boolean | undefined {
  const highlight = properties.get(sprm.highlight)?.[0];
  const shading = properties.get(sprm.shading) ?? properties.get(sprm.oldShading);
  if (highlight === undefined && shading === undefined) return undefined;
  return Boolean(highlight) || hasGround(shading);
}

const hasGround = (shading: Buffer | undefined): boolean =>
  shading?.some((byte) => byte !== 0 && byte !== 0xff) === true;

const number = (value: Buffer | undefined, read: 'readInt16LE' | 'readUInt16LE' | 'readUInt32LE') =>
  value && value.length >= (read === 'readUInt32LE' ? 4 : 2) ? value[read](0) : undefined;
/** Where a paragraph stands, from the number of its style and its list of properties. */
export function paragraphPlace(style: number, list: Buffer): ParagraphPlace {
  const properties = readProperties(list);
  const byte = (name: number) => properties.get(name)?.[0] ?? 0;
  const level = number(properties.get(sprm.level), 'readUInt32LE') ?? 0;
  return {
    style,
    level: Math.max(Math.min(level, deepestTable), byte(sprm.inTable) === 1 ? 1 : 0),
    endsRow: byte(sprm.endsRow) === 1 || byte(sprm.endsInnerRow) === 1,
    endsCell: byte(sprm.endsInnerCell) === 1,
    edges: rowEdges(properties.get(sprm.table), byte(sprm.isHeader) === 1),
    isDropCap: (byte(sprm.dropCap) & 7) !== 0,
    isFrame: frameProperties.some((name) => properties.has(name)),
    isShaded: hasGround(properties.get(sprm.ground) ?? properties.get(sprm.oldGround)),
  };
}

/** Edges of a row's cells, and how each is merged ([MS-DOC] 2.9.319, 2.9.331). */
function rowEdges(definition: Buffer | undefined, isHeader: boolean): RowEdges | undefined {
  const count = definition?.[2] ?? 0;
  const flags = 3 + (count + 1) * 2;
  if (!definition || count === 0 || definition.length < flags) return undefined;
  const cells = Array.from({ length: count }, (_, index) => {
    const at = flags + index * 20;
    const merging = at + 2 <= definition.length ? definition.readUInt16LE(at) : 0;
    const right = definition.readInt16LE(3 + (index + 1) * 2);
    return { right, merged: (merging & 3) === 1, goesOn: ((merging >> 5) & 3) === 1 };
  });
  return { left: definition.readInt16LE(3), cells, isHeader };
}

/** The value of each property ([MS-DOC] 2.2.5.1). */
function readProperties(bytes: Buffer): Map<number, Buffer> {
  const properties = new Map<number, Buffer>();
  let position = 0;
  while (position + 3 <= bytes.length) {
    const name = bytes.readUInt16LE(position);
    const length = valueBytes(name, bytes, position + 2);
    properties.set(name, bytes.subarray(position + 2, position + 2 + length));
    position += 2 + length;
  }
  return properties;
}

function valueBytes(name: number, bytes: Buffer, position: number): number {
  const size = [1, 1, 2, 4, 2, 2, 0, 3][name >> 13] as number;
  if (size > 0) return size;
  // The definition of a table counts in two bytes, and one too many.
  if (name === 0xd608) return position + 2 <= bytes.length ? bytes.readUInt16LE(position) + 1 : 2;
  return 1 + (bytes[position] as number);
}
