import type { PDFDocumentProxy } from 'pdfjs-dist';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import type { Mark } from '../text/paragraphs.ts';
import { words } from '../words.ts';
import { boxesOfLayer, boxesOfWords, type MarkBox, type RecognizedPage, type StoredPage } from './boxes.ts';
import { drawPage, releaseCanvas, type ShownText, showText, viewportOf } from './draw-page.ts';
import type { PageSize } from './page-offsets.ts';
import { type ReadPage, readPage } from './read-page.ts';

/** What became of a mark on a page: its boxes, or none when its place is not certain. */
export interface PlacedMark {
  page: number;
  mark: Mark;
  boxes: MarkBox[] | undefined;
}

/** Zooming by fingers changes the scale many times a second; the picture follows when it rests. */
const REDRAW_AFTER_MS = 120;

interface Props {
  pdf: PDFDocumentProxy;
  /** From 1. */
  number: number;
  /** From the top of the pages, in CSS pixels. */
  top: number;
  left: number;
  /** At 100 %; a guess until the page has been read. */
  size: PageSize;
  scale: number;
  turn: number;
  stored: StoredPage;
  marks: readonly Mark[];
  /** The words of a scan; null for other pages, undefined until that is known. */
  recognized: RecognizedPage | null | undefined;
  /** The page on which the quote continues, if it does. */
  next: number | undefined;
  onSize: (number: number, size: PageSize) => void;
  onPlaced: (placed: PlacedMark[]) => void;
  onNext: (number: number) => void;
}

const NOTHING: ShownText = { texts: [], elements: [] };

/**
 * A page in view: its picture, its words to be selected, its marks. What leads to a mark is done in layout effects: other ones would
 * wait until what was there before has been painted.
 */
export const PdfPage = memo(function PdfPage(props: Props) {
  const { pdf, number, top, left, size, scale, turn, stored, marks, recognized, next } = props;
  const { onSize, onPlaced, onNext } = props;
  const texts = useWords(words);
  const host = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const [read, setRead] = useState<ReadPage>();
  const [shown, setShown] = useState<ShownText>();
  const [boxes, setBoxes] = useState<MarkBox[]>([]);
  const wasMarked = useRef(marks.length > 0);
  const hasWords = shown !== undefined;
  const page = read?.page;

  useLayoutEffect(() => {
    let isCurrent = true;
    readPage(pdf, number, { isMarked: wasMarked.current, isWanted: () => isCurrent }).then(
      (result) => isCurrent && setRead(result),
      () => isCurrent && setShown(NOTHING),
    );
    return () => {
      isCurrent = false;
    };
  }, [pdf, number]);

  useLayoutEffect(() => {
    if (!read || !layer.current) return;
    let isCurrent = true;
    const viewport = viewportOf(read.page, 1, turn);
    onSize(number, { width: viewport.width, height: viewport.height });
    setShown(undefined);
    showText(read.words, viewport, layer.current).then(
      (text) => isCurrent && setShown(text),
      () => isCurrent && setShown(NOTHING),
    );
    return () => {
      isCurrent = false;
    };
  }, [read, turn, number, onSize]);

  useEffect(() => {
    const { current } = picture;
    // The words come first: a mark needs them, and drawing would hold them up.
    if (!page || !current || !hasWords) return;
    const abort = new AbortController();
    const draw = () => void drawPage(page, viewportOf(page, scale, turn), current, abort.signal).catch(() => {});
    const timer = setTimeout(draw, current.firstChild ? REDRAW_AFTER_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [page, scale, turn, hasWords]);

  useEffect(() => {
    const { current } = picture;
    return () => {
      if (current) releaseCanvas(current);
    };
  }, []);

  useLayoutEffect(() => {
    const { current } = host;
    if (!shown || !current) return;
    const placed = marks.flatMap((mark): PlacedMark[] => {
      const ofWords = recognized && boxesOfWords(recognized, mark, turn);
      const found = ofWords?.length ? ofWords : boxesOfLayer(stored, mark, shown.texts, shown.elements, current);
      // What is not certain by the layer can be so by the words of a scan, which are on their way.
      return found || recognized !== undefined ? [{ page: number, mark, boxes: found }] : [];
    });
    setBoxes(placed.flatMap((each) => each.boxes ?? []));
    if (placed.length > 0) onPlaced(placed);
  }, [shown, marks, recognized, stored, number, turn, onPlaced]);

  const cited = boxes.filter(({ kind }) => kind === 'cited');
  return (
    <div
      ref={host}
      className="pdf-page"
      data-page={number}
      style={{
        top,
        left,
        width: Math.round(size.width * scale),
        height: Math.round(size.height * scale),
        // The size has the page's unit in it already; the words of the layer do not.
        ...({ '--total-scale-factor': scale * (page?.userUnit ?? 1) } as object),
      }}
    >
      <div ref={picture} role="img" aria-label={texts.page(number)} />
      <div className="pdf-marks" aria-hidden>
        {boxes.map(({ kind, start, x, y, width, height }) => (
          <div
            key={`${kind} ${x} ${y} ${width}`}
            data-start={start}
            data-kind={kind}
            style={{ left: percent(x), top: percent(y), width: percent(width), height: percent(height) }}
          />
        ))}
      </div>
      <div ref={layer} className="pdf-text" />
      {next !== undefined && cited.length > 0 ? (
        <button
          type="button"
          className="absolute right-2 bottom-2 rounded-full bg-accent px-3 py-1 text-sm text-accent-ink shadow"
          onClick={() => onNext(next)}
        >
          {texts.continues(next)} ↓
        </button>
      ) : null}
    </div>
  );
});

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
