import { type PageStage, type ReadingLimits, type ReadingOutput, requireAtMost } from '../../reading.ts';
import { withoutLines } from '../pages/layer-lines.ts';
import type { PageContents, PdfPictures } from './pictures.ts';
import { findLanguages } from './recognition-languages.ts';
import type { RecognizeText } from './recognize-text.ts';
import { type SeenWords, seenWords } from './seen-words.ts';
import type { Area } from './unseen-text.ts';

/** What a page has as text. */
export interface TextLayer {
  text: string;
  /** Its lines in the upper and in the lower half of the page. */
  upper: string;
  lower: string;
  /** Share of the page's height that its lines take. */
  coverage: number;
  /** Its letters are those of no language: the fonts do not say which they are, or it was badly recognized. */
  isGarbled: boolean;
}

/** With fewer letters and digits a page that shows any picture may be a scan under a stamped line. */
const sparseCharacters = 100;
/** Lines that take less of the page are perhaps its header, its footer and a stamp, and the rest a picture. */
const sparseCoverage = 0.25;
/** Of the page; smaller pictures are logos, seals and signatures. */
const leastPicture = 0.3;
/** Recognized from logos and lines. */
const leastLetters = 15;
/** Recognized text takes the place of a garbled layer when it has so much of its characters. */
const leastShare = 0.3;

/** The text of a page with what is recognized on it. */
export interface ScannedText {
  text: string;
  seen: SeenWords;
}

export interface ScanReader {
  /** Where a page has text that does not show; not known, and empty, where it cannot be drawn. @param page from 1 */
  unseen(page: number, givenUp: ReadonlySet<PageStage>): Promise<Area[]>;
  /**
   * Undefined where the text layer of the page is what there is, 'missed' where it should have been recognized and
   * nothing was.
   * @param page from 1
   * @param givenUp stages in which its reading had to be ended before
   */
  read(page: number, layer: TextLayer, givenUp: ReadonlySet<PageStage>): Promise<ScannedText | 'missed' | undefined>;
  /** Pages that look like scans and could not be recognized, for lack of languages. */
  missed(): number;
}

/** Loads what it needs with the first page that looks like a scan. */
export function createScanReader(
  file: () => Promise<Buffer<ArrayBuffer>>,
  languageFolders: readonly string[],
  limits: Pick<ReadingLimits, 'recognizedPages'>,
  output: Pick<ReadingOutput, 'notice' | 'stage'>,
  { mayHideText }: { mayHideText: boolean },
): ScanReader {
  let pictures: Promise<PdfPictures | undefined> | undefined;
  let recognizer: Promise<RecognizeText> | undefined;
  let missed = 0;
  let recognized = 0;

  return {
    missed: () => missed,
    async unseen(page, givenUp) {
      if (!mayHideText || givenUp.has('drawing')) return [];
      await output.stage?.('drawing');
      pictures ??= openPictures(file);
      const opened = await pictures;
      try {
        return opened?.unseen(page) ?? [];
      } catch {
        return [];
      }
    },
    async read(page, layer, givenUp) {
      const characters = countCharacters(layer.text);
      const isFull = characters >= sparseCharacters && layer.coverage >= sparseCoverage;
      if (isFull && !layer.isGarbled) return undefined;
      if (givenUp.has('drawing') || givenUp.has('picture') || givenUp.has('recognition')) {
        if (layer.isGarbled || characters === 0) return 'missed';
        output.notice({ kind: 'picture-not-read', page });
        return undefined;
      }
      await output.stage?.('drawing');
      pictures ??= openPictures(file);
      const opened = await pictures;
      const contents = opened && contentsOf(opened, page);
      if (!contents || !isScan(contents, layer, characters)) return undefined;
      const languages = findLanguages(languageFolders);
      if (languages.size === 0) {
        // A garbled page or one without text has nothing else.
        if (layer.isGarbled || characters < sparseCharacters) missed += 1;
        return 'missed';
      }
      if (contents.images > 0) await output.stage?.('picture');
      const picture = await opened.draw(page, { withText: layer.isGarbled || characters === 0 });
      if (!picture) return undefined;
      recognized += 1;
      requireAtMost(limits.recognizedPages, recognized, 'scanned pages');
      await output.stage?.('recognition');
      recognizer ??= import('./recognize-text.ts').then(({ createRecognizer }) => createRecognizer(languages));
      const { text, words, isUncertain, hasInkLeft, hasUnclearTable } = (await recognizer)(picture);
      // A page of paper alone lacks nothing.
      if (text === '' && characters === 0 && !hasInkLeft) return undefined;
      const found = joined(layer, characters, text);
      if (found === undefined || found === 'missed') return found;
      if (isUncertain) output.notice({ kind: 'page-uncertain', page });
      else if (hasInkLeft) output.notice({ kind: 'ink-not-read', page });
      if (hasUnclearTable) output.notice({ kind: 'columns-uncertain', page });
      return { text: found, seen: seenWords(words, picture) };
    },
  };
}

/** Recognized text in the place of the layer, or between what the layer has above and below it. */
function joined(layer: TextLayer, characters: number, text: string): string | 'missed' | undefined {
  const letters = countCharacters(text);
  if (layer.isGarbled) return letters >= characters * leastShare ? text : 'missed';
  if (characters === 0) return letters > 0 ? text : 'missed';
  const added = withoutLines(text, layer.text);
  if (countCharacters(added) < leastLetters) return undefined;
  return [layer.upper, added, layer.lower].filter((part) => part.trim() !== '').join('\n\n');
}

/** The program that draws pages reads files more strictly than the one that reads their text: then nothing is drawn. */
async function openPictures(file: () => Promise<Buffer<ArrayBuffer>>): Promise<PdfPictures | undefined> {
  const { openPdfPictures } = await import('./pictures.ts');
  return openPdfPictures(await file()).catch(() => undefined);
}

/** Undefined for a page that cannot be opened: it shows nothing. */
function contentsOf(pictures: PdfPictures, page: number): PageContents | undefined {
  try {
    return pictures.contents(page);
  } catch {
    return undefined;
  }
}

function isScan({ objects, images, share }: PageContents, layer: TextLayer, characters: number): boolean {
  if (layer.isGarbled || characters === 0) return objects > 0;
  return characters < sparseCharacters ? images > 0 : share >= leastPicture;
}

const countCharacters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
