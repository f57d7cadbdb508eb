import type { PDFDocumentProxy } from 'pdfjs-dist';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import type { Mark } from '../text/paragraphs.ts';
import { words } from '../words.ts';
import type { RecognizedPage, StoredPage } from './boxes.ts';
import { PAGE_GAP_PX, type PageSize, pageAtTop, pagesToDraw, pageTops } from './page-offsets.ts';
import { PdfPage, type PlacedMark } from './pdf-page.tsx';
import { PdfTools } from './pdf-tools.tsx';
import { usePinch, useView } from './use-scroller.ts';

const LEAST_SCALE = 0.4;
const MOST_SCALE = 5;
const STEP = 1.25;
/** A mark is brought to this share of the height of the view. */
const MARK_AT = 0.25;
const MARGIN_PX = 12;

interface Props {
  pdf: PDFDocumentProxy;
  /** Of the first page at 100 %: what the others are taken for until they are seen. */
  usual: PageSize;
  stored: readonly StoredPage[];
  marks: readonly Mark[];
  /** The mark to bring into view. */
  focus: Mark | undefined;
  /** By the number of the page; undefined until it is known which pages with marks are scans. */
  recognized: ReadonlyMap<number, RecognizedPage> | undefined;
  onPlaced: (placed: PlacedMark[]) => void;
}

const NO_MARKS: readonly Mark[] = [];
const NO_TEXT: StoredPage = { text: '', start: 0 };

/** All pages below each other, of which only those in view are drawn. */
export function PdfPages({ pdf, usual, stored, marks, focus, recognized, onPlaced }: Props) {
  const texts = useWords(words);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const [zoom, setZoom] = useState<number | 'width'>('width');
  const [turn, setTurn] = useState(0);
  const [known, setKnown] = useState<ReadonlyMap<number, PageSize>>(new Map());
  const sizes = useMemo(() => {
    const isTurned = turn % 180 !== 0;
    const guess = isTurned ? { width: usual.height, height: usual.width } : usual;
    return Array.from({ length: pdf.numPages }, (_, index) => known.get(index + 1) ?? guess);
  }, [pdf, usual, known, turn]);
  const widest = (sizes[0] ?? usual).width;
  const fit = Math.max(LEAST_SCALE, (view.width - 2 * MARGIN_PX) / widest);
  const scale = zoom === 'width' ? fit : zoom;
  const tops = useMemo(() => pageTops(sizes, scale), [sizes, scale]);
  const width = useMemo(() => Math.max(...sizes.map((size) => size.width)) * scale, [sizes, scale]);
  const byPage = useMemo(() => marksByPage(marks, stored), [marks, stored]);
  const current = pageAtTop(tops, view.top + view.height / 3);

  const change = useCallback(
    (factor: number) =>
      setZoom((before) => Math.min(MOST_SCALE, Math.max(LEAST_SCALE, (before === 'width' ? fit : before) * factor))),
    [fit],
  );
  usePinch(scroller, change);
  useSteadyView(scroller, tops);

  const showPage = useCallback(
    (number: number) => {
      const top = tops[Math.min(pdf.numPages, Math.max(1, number)) - 1] ?? 0;
      scroller.current?.scrollTo({ top: top - PAGE_GAP_PX });
    },
    [tops, pdf],
  );
  const show = useRef(showPage);
  show.current = showPage;

  /** The mark that has been brought into view: the reader is left alone then. */
  const shown = useRef<Mark>(undefined);
  /** The mark whose page the view has been turned to. Its pages are drawn from the first frame on, and no others before them. */
  const [turned, setTurned] = useState<Mark>();
  const isReady = view.height > 0;
  const drawnTop = !focus || turned === focus ? view.top : (tops[pageOf(stored, focus.start)] ?? 0) - PAGE_GAP_PX;
  useEffect(() => {
    if (!isReady || !focus) return;
    // Behind what the router does to scroll positions. A mark on a page that is drawn already has been shown then.
    const frame = requestAnimationFrame(() => {
      if (shown.current !== focus) show.current(pageOf(stored, focus.start) + 1);
      setTurned(focus);
    });
    return () => cancelAnimationFrame(frame);
  }, [focus, stored, isReady]);

  const tell = useCallback(
    (placed: PlacedMark[]) => {
      onPlaced(placed);
      const own = placed.find(({ mark, boxes }) => mark === focus && boxes?.length);
      const { current: element } = scroller;
      if (!own?.boxes || !element || shown.current === focus) return;
      // The beginning of a quote is shown, not its end on the next page.
      if (own.page !== firstPage(byPage, own.mark)) return;
      const top = Math.min(...own.boxes.map(({ y }) => y));
      requestAnimationFrame(() => {
        const host = element.querySelector<HTMLElement>(`[data-page="${own.page}"]`);
        if (!host || shown.current === focus) return;
        shown.current = focus;
        element.scrollTo({ top: host.offsetTop + top * host.offsetHeight - element.clientHeight * MARK_AT });
      });
    },
    [onPlaced, focus, byPage],
  );
  const keepSize = useCallback((number: number, size: PageSize) => {
    setKnown((before) => {
      const old = before.get(number);
      return old?.width === size.width && old.height === size.height ? before : new Map(before).set(number, size);
    });
  }, []);
  const turnRight = () => {
    setKnown(new Map());
    setTurn((before) => (before + 90) % 360);
  };

  return (
    <>
      <PdfTools
        page={current + 1}
        pages={pdf.numPages}
        onPage={showPage}
        onZoom={(direction) => change(direction === 'in' ? STEP : 1 / STEP)}
        onFit={() => setZoom('width')}
        onTurn={turnRight}
      />
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        aria-label={texts.showPages}
        className="relative min-h-0 flex-1 overflow-auto bg-line"
      >
        <div className="relative mx-auto" style={{ height: tops.at(-1), width }}>
          {(isReady ? pagesToDraw(tops, drawnTop, view.height) : []).map((index) => {
            const size = sizes[index] ?? usual;
            const own = byPage.get(index) ?? NO_MARKS;
            const isLast = !byPage.get(index + 1)?.some((mark) => mark.kind === 'cited' && own.includes(mark));
            return (
              <PdfPage
                key={index}
                pdf={pdf}
                number={index + 1}
                top={tops[index] ?? 0}
                left={Math.round((width - size.width * scale) / 2)}
                size={size}
                scale={scale}
                turn={turn}
                stored={stored[index] ?? NO_TEXT}
                marks={own}
                recognized={recognized && (recognized.get(index + 1) ?? null)}
                next={isLast ? undefined : index + 2}
                onSize={keepSize}
                onPlaced={tell}
                onNext={showPage}
              />
            );
          })}
        </div>
      </section>
    </>
  );
}

/** Marks by the index of each page that they touch with more than white space. */
function marksByPage(marks: readonly Mark[], stored: readonly StoredPage[]): Map<number, Mark[]> {
  const pages = new Map<number, Mark[]>();
  for (const mark of marks) {
    for (let index = pageOf(stored, mark.start); index < stored.length; index += 1) {
      const { text, start } = stored[index] as StoredPage;
      if (start >= mark.end) break;
      const piece = text.slice(Math.max(0, mark.start - start), mark.end - start);
      if (piece.trim() !== '') pages.set(index, [...(pages.get(index) ?? []), mark]);
    }
  }
  return pages;
}

/** The first page that a mark is on, from 1. */
function firstPage(byPage: ReadonlyMap<number, Mark[]>, mark: Mark): number {
  return Math.min(...[...byPage].flatMap(([index, marks]) => (marks.includes(mark) ? [index + 1] : [])));
}

/** Index of the page that an offset of the stored text is on. */
function pageOf(stored: readonly StoredPage[], offset: number): number {
  return Math.max(
    0,
    stored.findLastIndex(({ start }) => start <= offset),
  );
}

/** Keeps what is at the top of the view there when pages get another size. */
function useSteadyView(scroller: RefObject<HTMLElement | null>, tops: readonly number[]): void {
  const before = useRef(tops);
  useLayoutEffect(() => {
    const { current } = scroller;
    const old = before.current;
    before.current = tops;
    if (!current || old === tops || old.length !== tops.length) return;
    const index = pageAtTop(old, current.scrollTop);
    const [oldTop = 0, oldNext = 1] = old.slice(index, index + 2);
    const [top = 0, next = 1] = tops.slice(index, index + 2);
    const share = (current.scrollTop - oldTop) / Math.max(1, oldNext - oldTop);
    const wanted = Math.round(top + share * (next - top));
    if (wanted !== current.scrollTop) current.scrollTop = wanted;
  }, [scroller, tops]);
}
