import type { TextRun } from '../pages/text-run.ts';
import { isGarbled } from './language-likeness.ts';
import { findMend, isByGlyphs } from './mend-codes.ts';

export interface MendedRuns {
  runs: (TextRun | object)[];
  /** Letters and signs that do not read as any language, after what could be mended. */
  garbled: number;
  /** Fonts whose text was numbers of glyphs, of which the library drops those that are codes of white space. */
  glyphFonts: ReadonlySet<string>;
}

/**
 * The runs of a page with the text of each font as what it shows, where its codes can be told. Fonts are judged one by
 * one, as a page may have good and bad ones, and a short text by the mend that fits the page's other fonts.
 */
export function mendFonts(items: readonly (TextRun | object)[]): MendedRuns {
  const texts = new Map<string, string>();
  for (const item of items) {
    if ('str' in item) texts.set(fontOf(item), `${texts.get(fontOf(item)) ?? ''}${item.str}${item.hasEOL ? '\n' : ''}`);
  }
  const mends = new Map([...texts].map(([font, text]) => [font, findMend(text)]));
  const found = [...mends.values()].find((mend) => mend !== undefined);
  let garbled = 0;
  for (const [font, text] of texts) {
    const mend = mends.get(font);
    if (!mend && found && isGarbled(text) && !isGarbled(found(text))) mends.set(font, found);
    else if (!mend && isGarbled(text)) garbled += text.match(/\S/g)?.length ?? 0;
  }
  const runs = items.map((item) => {
    const mend = 'str' in item ? mends.get(fontOf(item)) : undefined;
    return mend && 'str' in item ? { ...item, str: mend(item.str) } : item;
  });
  const glyphFonts = [...mends].filter(([, mend]) => mend !== undefined && isByGlyphs(mend)).map(([font]) => font);
  return { runs, garbled, glyphFonts: new Set(glyphFonts) };
}

const fontOf = ({ fontName = '' }: TextRun) => fontName;
