import { readsBetter } from './language-likeness.ts';
import { LOST_EQUALS } from './lost-signs.ts';

/*
 * Text of fonts that do not say which characters their codes are. Two kinds can be told: bytes of windows-1251 that are
 * taken for western letters, and numbers of glyphs where the font has them in the order of the common TrueType fonts.
 * Anything else stays garbled, for the page's picture to be read instead.
 */

const western = byCode('windows-1252');
const cyrillic = new TextDecoder('windows-1251').decode(Uint8Array.from({ length: 256 }, (_, code) => code));

/** The codes of windows-1252's characters. */
function byCode(encoding: string): Map<string, number> {
  const decoded = new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, code) => code));
  return new Map([...decoded].map((sign, code) => [sign, code]));
}

type Mend = (text: string) => string;

/** Whether a mend takes the text for numbers of glyphs. */
export const isByGlyphs = (mend: Mend): boolean => mend !== fromWestern;

const fromWestern: Mend = (text) =>
  text.replaceAll(/[\u0080-\uffff]/g, (sign) => cyrillic[western.get(sign) ?? -1] ?? sign);

/** Glyphs stand 29 places before their ASCII codes in TrueType fonts that begin in the order of the Macintosh's. */
const macintoshShift = 29;
const beyondAscii = new Map(
  Object.entries({
    134: '§',
    135: '•',
    131: '°',
    139: '©',
    169: '«',
    170: '»',
    171: '…',
    172: ' ',
    177: '–',
    178: '—',
    179: '“',
    180: '”',
    181: '‘',
    182: '’',
    651: '№',
  }).map(([glyph, sign]) => [Number(glyph), sign]),
);
const cyrillicA = 0x410;

/** @param firstCyrillic the glyph of «А», from which on its alphabet stands in order */
const fromGlyphs =
  (firstCyrillic: number): Mend =>
  (text) =>
    [...text]
      .map((sign) => {
        const glyph = sign.codePointAt(0) ?? 0;
        const letter = glyph - firstCyrillic;
        if (letter >= 0 && letter < 64) return String.fromCodePoint(cyrillicA + letter);
        if (letter === 64) return 'ё';
        if (letter === -14) return 'Ё';
        if (glyph === 32) return sign;
        if (sign === LOST_EQUALS) return '=';
        if (glyph >= 3 && glyph <= 97) return String.fromCodePoint(glyph + macintoshShift);
        return beyondAscii.get(glyph) ?? sign;
      })
      .join('');

/** Where Arial, Times New Roman and their like have «А». */
const usualCyrillic = 0x23a;
const noCyrillic = 0x11_0000;

/**
 * How the text of a font is to be read, from all of it: undefined where it is as it should be, or cannot be mended.
 */
export function findMend(text: string): Mend | undefined {
  const sample = text.slice(0, 4000);
  const westernLetters = sample.match(/[\u00c0-\u00ff]/g)?.length ?? 0;
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (westernLetters * 2 > letters && /[\u00c0-\u00ff]{3}/.test(sample) && readsBetter(sample, fromWestern(sample))) {
    return fromWestern;
  }
  if (!looksLikeGlyphs(sample)) return undefined;
  return candidates(sample).find((mend) => readsBetter(sample, mend(sample)));
}

/** Spaces that are glyph 3, or letters where the Cyrillic glyphs of most fonts are. */
const looksLikeGlyphs = (text: string) =>
  (text.match(/(?!\s)\p{Cc}|[\u0180-\u03ff]/gu)?.length ?? 0) * 15 > text.length || /^[^a-z]{4,}$/.test(text);

function candidates(sample: string): Mend[] {
  const high = [...sample].map((sign) => sign.codePointAt(0) ?? 0).filter((glyph) => glyph > 97);
  if (high.length < 4) return [fromGlyphs(noCyrillic)];
  const sorted = high.sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  // Small letters are the second half of the alphabet, and most of a text.
  const others = Array.from({ length: 64 }, (_, index) => fromGlyphs(middle - index));
  const best = others.map((mend) => ({ mend, score: russianScore(mend(sample)) })).sort((a, b) => b.score - a.score)[0];
  return [fromGlyphs(usualCyrillic), ...(best ? [best.mend] : [])];
}

/** Frequent letters of Russian, whose sum is highest where the alphabet lies right. */
const russianScore = (text: string) =>
  (text.match(/[оеаинтсрвл]/g)?.length ?? 0) - (text.match(/[ъэфщыёь](?=[А-Я])/g)?.length ?? 0);
