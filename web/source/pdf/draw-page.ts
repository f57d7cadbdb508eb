import { type PageViewport, type PDFDocumentProxy, type PDFPageProxy, TextLayer } from 'pdfjs-dist';
import { canvasScale } from './page-offsets.ts';
import type { PageWords } from './read-page.ts';

/** Drawn one after the other: two at once take longer, and each holds a canvas. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a page into a canvas that takes the place of the one before.
 * @returns when it is there; at once when the signal is aborted
 */
export function drawPage(
  page: PDFPageProxy,
  viewport: PageViewport,
  host: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const drawn = queue.then(() => draw(page, viewport, host, signal));
  queue = drawn.catch(() => {});
  return drawn;
}

async function draw(page: PDFPageProxy, viewport: PageViewport, host: HTMLElement, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const scale = canvasScale(viewport.width, viewport.height, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(viewport.width * scale));
  canvas.height = Math.max(1, Math.floor(viewport.height * scale));
  const task = page.render({ canvas, viewport, transform: [scale, 0, 0, scale, 0, 0] });
  const cancel = () => task.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await task.promise;
    if (signal.aborted) throw new Error('aborted');
    releaseCanvas(host);
    host.append(canvas);
  } catch (error) {
    canvas.width = 0;
    canvas.height = 0;
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Gives the memory of a canvas back at once; browsers wait for a collection otherwise. */
export function releaseCanvas(host: HTMLElement): void {
  for (const canvas of host.querySelectorAll('canvas')) {
    canvas.width = 0;
    canvas.height = 0;
    canvas.remove();
  }
}

export interface ShownText {
  texts: string[];
  elements: HTMLElement[];
}

/** Puts the words of a page over its picture. */
export async function showText(words: PageWords, viewport: PageViewport, host: HTMLElement): Promise<ShownText> {
  host.replaceChildren();
  const layer = new TextLayer({ textContentSource: words, container: host, viewport });
  await layer.render();
  return { texts: layer.textContentItemsStr, elements: layer.textDivs };
}

/** Size of a page at 100 %, turned as the file and the reader say. */
export async function pageSize(pdf: PDFDocumentProxy, number: number, turn: number) {
  const page = await pdf.getPage(number);
  const { width, height } = viewportOf(page, 1, turn);
  return { width, height };
}

export const viewportOf = (page: PDFPageProxy, scale: number, turn: number): PageViewport =>
  page.getViewport({ scale, rotation: (page.rotate + turn) % 360 });
