import { readFileSync } from 'node:fs';
import createTesseract, { type TesseractApi } from 'tesseract.js-core/tesseract-core-relaxedsimd-lstm.wasm.js';
import { mendScripts } from './mend-scripts.ts';
import type { RecognitionLanguage } from './recognition-languages.ts';

/** A page as it looks, one byte a pixel, 0 black. */
export interface PagePicture {
  width: number;
  height: number;
  pixels: Uint8Array;
  dotsPerInch: number;
}

export type RecognizeText = (picture: PagePicture) => string;

/** Below it the other set of languages is tried as well. Confidence is 0 to 100; clean print has over 85. */
const doubtful = 75;
/** Below it a result is noise: a photograph, handwriting, a page upside down. */
const worthless = 30;
/** A smaller share of Cyrillic letters is Latin ones that were mistaken for them. */
const russianShare = 0.15;
const lstmEngine = 1;

/**
 * Recognizes printed Russian and English by Tesseract, compiled to WebAssembly, in this process. A page is read in both
 * languages; from the first one that turns out to be English on, in English alone, as long as that goes well: of two
 * alphabets that share half of their shapes the wrong one gets into the words.
 */
export async function createRecognizer(languages: ReadonlyMap<RecognitionLanguage, string>): Promise<RecognizeText> {
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
  const recognize = (names: string, dotsPerInch: number) => {
    const api = engine(names);
    api.SetImageFile(1, 0);
    api.SetSourceResolution(dotsPerInch);
    api.Recognize(null);
    const result = { names, text: api.GetUTF8Text(), confidence: api.MeanTextConf() };
    api.Clear();
    return result;
  };
  const all = [...languages.keys()].join('+');
  let current = all;

  return (picture) => {
    tesseract.FS.writeFile('/input', toPgm(picture));
    let best = recognize(current, picture.dotsPerInch);
    const isForeign =
      languages.has('eng') && current !== 'eng' && best.text.trim() !== '' && cyrillicShare(best.text) < russianShare;
    const other = isForeign ? 'eng' : current !== all && best.confidence < doubtful ? all : undefined;
    if (other !== undefined) {
      const again = recognize(other, picture.dotsPerInch);
      if (again.confidence >= best.confidence - (isForeign ? 10 : 0)) best = again;
    }
    if (best.confidence < worthless) return '';
    current = best.names;
    return mendScripts(best.text);
  };
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
