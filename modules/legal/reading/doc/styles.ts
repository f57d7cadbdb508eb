import { type CharacterLook, characterLook } from './properties.ts';

/*
 * The style sheet ([MS-DOC] 2.9.271): what characters look like by the style of their paragraph and their own. Each style has
 * what it says itself, on top of what the one says that it is based on.
 */

interface Style {
  base: number;
  properties: Buffer | undefined;
}

export interface DocStyles {
  /** What characters have from the styles of their paragraph and themselves. */
  look(paragraph: number, character: number | undefined): CharacterLook;
}

const PARAGRAPH = 1;
const CHARACTER = 2;
const longestChain = 20;
const mostStyles = 5_000;
const none: CharacterLook = {};

export function readStyles(sheet: Buffer): DocStyles {
  const styles = sheet.length >= 6 ? readSheet(sheet) : [];
  const chain = (number: number | undefined, look: CharacterLook): CharacterLook => {
    const found: Buffer[] = [];
    for (let step = 0, at = number; at !== undefined && step < longestChain; step += 1) {
      const style: Style | undefined = styles[at];
      if (style?.properties) found.unshift(style.properties);
      at = style?.base;
    }
    return found.reduce((base, properties) => characterLook(properties, base), look);
  };
  const known = new Map<string, CharacterLook>();
  return {
    look(paragraph, character) {
      if (styles.length === 0) return none;
      const key = `${paragraph} ${character ?? ''}`;
      const found = known.get(key) ?? chain(character, chain(paragraph, none));
      known.set(key, found);
      return found;
    },
  };
}

function readSheet(sheet: Buffer): (Style | undefined)[] {
  const header = sheet.readUInt16LE(0);
  const baseBytes = sheet.readUInt16LE(4);
  const styles: (Style | undefined)[] = [];
  for (let at = 2 + header; at + 2 <= sheet.length && styles.length < mostStyles; ) {
    const length = sheet.readUInt16LE(at);
    styles.push(readStyle(sheet.subarray(at + 2, at + 2 + length), baseBytes));
    at += 2 + length + (length & 1);
  }
  return styles;
}

function readStyle(style: Buffer, baseBytes: number): Style | undefined {
  if (style.length < baseBytes + 2 || baseBytes < 10) return undefined;
  const kind = style.readUInt16LE(2) & 0xf;
  const base = style.readUInt16LE(2) >> 4;
  // Its name, and behind it lists of properties, of which a paragraph's style has one of the paragraph first.
  let at = baseBytes + 2 + style.readUInt16LE(baseBytes) * 2 + 2;
  let properties: Buffer | undefined;
  const lists = kind === PARAGRAPH ? 2 : kind === CHARACTER ? 1 : 0;
  for (let list = 0; list < lists && at + 2 <= style.length; list += 1) {
    at += at & 1;
    if (at + 2 > style.length) break;
    const length = style.readUInt16LE(at);
    properties = list === lists - 1 ? style.subarray(at + 2, at + 2 + length) : undefined;
    at += 2 + length;
  }
  return { base: base === 0xfff ? mostStyles : base, properties };
}
