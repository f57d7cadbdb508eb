import { readFileSync } from 'node:fs';
import createTesseract, { type TesseractApi } from 'tesseract.js-core/tesseract-core-relaxedsimd-lstm.wasm.js';
import { mendScripts } from './fonts/mend-scripts.ts';
import { type Box, cut, densestBand, type PagePicture } from './scans/bitmap.ts';
import type { RecognitionLanguage } from './scans/recognition-languages.ts';
import { readWords, textOfWords, type WordBox } from './scans/word-boxes.ts';

/** How a part is laid out, by Tesseract's numbers. */
export const layouts = { page: 3, block: 6 } as const;
export type Layout = keyof typeof layouts;

export interface PartResult {
  words: WordBox[];
  text: string;
  /** Mean of its words by their length, 0 to 100; 0 without any. */
  confidence: number;
}

export interface Engine {
  /** Every further call is about this picture. */
  show(picture: PagePicture): void;
  read(part: Box, layout: Layout): PartResult;
}

/** Below it the other set of languages is tried as well. Confidence is 0 to 100; clean print has over 85. */
const doubtful = 75;
/** A smaller share of Cyrillic letters is Latin ones that were mistaken for them. */
const russianShare = 0.15;
/** Words below it are misread; with a larger share of them, a part of the page may be in the other language. */
const misread = 50;
const mostMisread = 0.15;
/** In inches: a few lines, which tell the language of a page for a tenth of what all of it takes. */
const sampleHeight = 0.7;
const leastSample = 30;
const lstmEngine = 1;

/**
 * Printed Russian and English by Tesseract, compiled to WebAssembly, in this process. A part is read in both languages;
 * from the first few lines that turn out to be English on, in English alone, as long as that goes well: of two alphabets
 * that share half of their shapes the wrong one gets into the words.
 */
export async function createEngine(languages: ReadonlyMap<RecognitionLanguage, string>): Promise<Engine> {
  const tesseract = await createTesseract({ print: () => {}, printErr: () => {} });
  for (const [language, path] of languages) tesseract.FS.writeFile(`./${language}.traineddata`, readFileSync(path));
  const engines = new Map<string, TesseractApi>();
  const engine = (names: string): TesseractApi => {
    const existing = engines.get(names);
    if (existing) return existing;
    const api = new tesseract.TessBaseAPI();
    if (api.Init(null, names, lstmEngine) !== 0) throw new Error(`Load languages "${names}": they are broken`);
    api.SetVariable('debug_file', '/dev/null');
    engines.set(names, api);
    return api;
  };
  const all = [...languages.keys()].join('+');
  let current = all;
  let shown: PagePicture = { width: 0, height: 0, pixels: new Uint8Array(), dotsPerInch: 300 };
  let isSettled = all === 'rus' || !languages.has('eng');
  const recognize = (names: string, part: Box, layout: Layout) => {
    const api = engine(names);
    api.SetPageSegMode(layouts[layout]);
    api.SetImageFile(1, 0);
    api.SetSourceResolution(Math.round(shown.dotsPerInch));
    api.Recognize(null);
    const words = readWords(api.GetTSVText(0), part);
    api.Clear();
    return { names, words, text: textOfWords(words), confidence: meanConfidence(words) };
  };

  const load = (part: Box) => tesseract.FS.writeFile('/input', toPgm(cut(shown, part)));
  /** Finds out from a few lines whether the document is in English. */
  const settle = (part: Box) => {
    const sample = densestBand(shown, part, Math.round(sampleHeight * shown.dotsPerInch));
    if (!sample) return;
    load(sample);
    const { text, confidence } = recognize(all, sample, 'block');
    if (text.length < leastSample || confidence < doubtful) return;
    isSettled = true;
    if (cyrillicShare(text) < russianShare) current = 'eng';
  };

  return {
    show(picture) {
      shown = picture;
    },
    read(part, layout) {
      if (!isSettled) settle(part);
      load(part);
      let best = recognize(current, part, layout);
      const isForeign =
        languages.has('eng') && current !== 'eng' && best.text !== '' && cyrillicShare(best.text) < russianShare;
      const isDoubtful = best.confidence < doubtful || misreadShare(best.words) > mostMisread;
      const other = isForeign ? 'eng' : current !== all && isDoubtful ? all : undefined;
      if (other !== undefined) {
        const again = recognize(other, part, layout);
        if (again.confidence >= best.confidence - (isForeign ? 10 : 0)) best = again;
      }
      current = best.names;
      return { ...best, text: mendScripts(best.text) };
    },
  };
}

/** Of words by their length; 0 without any. */
export function meanConfidence(words: readonly WordBox[]): number {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  return letters === 0 ? 0 : words.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0) / letters;
}

/** Share of letters in words that were hardly recognized. */
function misreadShare(words: readonly WordBox[]): number {
  const letters = (some: readonly WordBox[]) => some.reduce((sum, { text }) => sum + text.length, 0);
  return letters(words.filter(({ confidence }) => confidence < misread)) / Math.max(1, letters(words));
}

function cyrillicShare(text: string): number {
  const cyrillic = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return cyrillic / Math.max(1, cyrillic + latin);
}

/** Portable graymap: the plainest form that the engine reads. */
function toPgm({ width, height, pixels }: PagePicture): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}
