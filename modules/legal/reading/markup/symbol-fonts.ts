import { codePoint } from 'dingbat-to-unicode';

/*
 * Fonts whose glyphs have nothing to do with the characters they stand at: an "a" in Symbol is an alpha, the same in
 * Wingdings a zodiac sign. Word keeps such characters at their code or 0xF000 above it.
 */

/** What lawyers' documents mean by a glyph, where that is not what the font is published with. */
const preferred: Record<string, Record<number, string>> = {
  SYMBOL: { 167: '§' },
  WINGDINGS: {
    108: '●',
    110: '■',
    111: '☐',
    112: '☐',
    113: '☐',
    114: '☐',
    118: '❖',
    120: '☒',
    159: '•',
    168: '☐',
    251: '✗',
    252: '✓',
    253: '☒',
    254: '☑',
  },
  'WINGDINGS 2': { 42: '☐', 79: '✗', 80: '✓', 81: '☒', 83: '☒', 163: '☐' },
  'WINGDINGS 3': {},
  WEBDINGS: { 99: '☐', 114: '✗' },
};

/** The name under which the glyphs of a font are known; undefined for fonts of letters. */
export function symbolFont(name: string | undefined): string | undefined {
  const plain = name?.trim().replaceAll(/\s+/g, ' ').toUpperCase();
  if (plain === undefined) return undefined;
  const known = plain
    .replace(/^(?:STANDARD)?SYMBOL(?:S| ?MT| ?PS|S L)?$/, 'SYMBOL')
    .replace(/^WINGDINGS([23])$/, 'WINGDINGS $1');
  return preferred[known] === undefined ? undefined : known;
}

/** The character that a font shows for a code, with or without 0xF000; undefined for one that is not known. */
export function symbolCharacter(font: string | undefined, code: number): string | undefined {
  const glyph = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
  if (glyph > 0xff) return String.fromCodePoint(glyph);
  if (font === undefined) return code >= 0xf000 ? undefined : String.fromCodePoint(glyph);
  return preferred[font]?.[glyph] ?? codePoint(font, glyph)?.string;
}

const privateUse = /[\uf020-\uf0ff]/;

/**
 * A text in a font of symbols as what it shows; characters beyond the font's 256 stay. `unknown` gets each glyph that
 * is not known; it stays as it is. Private characters of other fonts are taken for Symbol's, whose they mostly are.
 */
export function symbolText(text: string, font: string | undefined, unknown: () => void): string {
  if (font === undefined && !privateUse.test(text)) return text;
  return text.replaceAll(font === undefined ? /[\uf020-\uf0ff]/g : /[\u0021-\u00ff\uf020-\uf0ff]/g, (sign) => {
    const shown = symbolCharacter(font ?? 'SYMBOL', sign.charCodeAt(0));
    if (shown === undefined) unknown();
    return shown ?? sign;
  });
}
