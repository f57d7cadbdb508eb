import { type ReadingLimits, requireAtMost } from '../reading.ts';
import type { PdfPictures } from './pictures.ts';
import { findLanguages } from './recognition-languages.ts';
import type { RecognizeText } from './recognize-text.ts';

/**
 * With fewer letters and digits a page that shows a picture may be a scan, whatever a program has stamped on it: an
 * envelope number, a filing's header. One with none at all is, whatever it shows.
 */
const sparseCharacters = 100;
/** Recognized text replaces such a layer when it has so many times its characters. */
const muchMore = 2;

export interface ScanReader {
  /** The text recognized on a page; undefined where its text layer is what there is. @param page from 1 */
  read(page: number, textLayer: string): Promise<string | undefined>;
  /** Pages that look like scans and could not be recognized, for lack of languages. */
  missed(): number;
}

/** Loads what it needs with the first page that looks like a scan. */
export function createScanReader(
  file: () => Promise<Buffer<ArrayBuffer>>,
  languageFolders: readonly string[],
  limits: Pick<ReadingLimits, 'recognizedPages'>,
): ScanReader {
  let pictures: Promise<PdfPictures | undefined> | undefined;
  let recognizer: Promise<RecognizeText> | undefined;
  let missed = 0;
  let recognized = 0;

  return {
    missed: () => missed,
    async read(page, textLayer) {
      const characters = countCharacters(textLayer);
      if (characters >= sparseCharacters) return undefined;
      pictures ??= openPictures(file);
      const opened = await pictures;
      if (!opened || !isScan(opened, page, characters)) return undefined;
      const languages = findLanguages(languageFolders);
      if (languages.size === 0) {
        missed += 1;
        return undefined;
      }
      const picture = await opened.draw(page);
      if (!picture) return undefined;
      recognized += 1;
      requireAtMost(limits.recognizedPages, recognized, 'scanned pages');
      recognizer ??= import('./recognize-text.ts').then(({ createRecognizer }) => createRecognizer(languages));
      const text = (await recognizer)(picture);
      return countCharacters(text) >= Math.max(1, characters * muchMore) ? text : undefined;
    },
  };
}

/** The program that draws pages reads files more strictly than the one that reads their text: then nothing is drawn. */
async function openPictures(file: () => Promise<Buffer<ArrayBuffer>>): Promise<PdfPictures | undefined> {
  const { openPdfPictures } = await import('./pictures.ts');
  return openPdfPictures(await file()).catch(() => undefined);
}

function isScan(pictures: PdfPictures, page: number, characters: number): boolean {
  try {
    const { objects, images } = pictures.contents(page);
    return characters === 0 ? objects > 0 : images > 0;
  } catch {
    // A page that cannot be opened shows nothing.
    return false;
  }
}

const countCharacters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
