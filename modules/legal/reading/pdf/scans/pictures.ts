import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PagePicture } from './bitmap.ts';
import { type Area, type ObjectProgram, unseenText } from './unseen-text.ts';

/** What a page draws. */
export interface PageContents {
  objects: number;
  images: number;
  /** Of the page, what pictures take, 0 to 1. */
  share: number;
}

export interface PdfPictures {
  contents(page: number): PageContents;
  /** Where a page has text that does not show. @param page from 1 */
  unseen(page: number): Area[];
  /**
   * The page as it looks; undefined for one of no sensible size.
   * @param page from 1
   * @param how `withText: false` leaves out the page's own letters, but for those of forms in it
   */
  draw(page: number, how?: { withText: boolean }): Promise<DrawnPage | undefined>;
}

export interface DrawnPage extends PagePicture {
  /** Of the page as it is displayed, in points. */
  size: { width: number; height: number };
}

const pointsPerInch = 72;
/** What text recognition is trained for. */
const dotsPerInch = 300;
/** A page of A3 has 250 dots per inch with so many; pages that say they are kilometres wide have none. */
const mostPixels = 12_000_000;
const leastSide = 100;
const mostObjects = 2_000;
const mostPackets = 50;
const mostPacketBytes = 16 * 1024 * 1024;

/** Draws pages of a PDF by PDFium, compiled to WebAssembly, in this process. @throws when it cannot open the file */
export async function openPdfPictures(bytes: Uint8Array): Promise<PdfPictures> {
  const library = await PDFiumLibrary.init({ wasmBinary: new Uint8Array(readFileSync(programPath())).buffer });
  const document = await library.loadDocument(bytes);
  const { module } = document as unknown as { module: ObjectProgram };
  return {
    contents(page) {
      const opened = document.getPage(page - 1);
      const { pageIdx } = opened as unknown as { pageIdx: number };
      try {
        const { originalWidth, originalHeight } = opened.getOriginalSize();
        const found = pictureArea(module, objectsOf(module, pageIdx));
        const share = Math.min(1, found.area / Math.max(1, originalWidth * originalHeight));
        return { objects: opened.getObjectCount(), images: found.count, share };
      } finally {
        module._FPDF_ClosePage(pageIdx);
      }
    },
    unseen(page) {
      const { pageIdx } = document.getPage(page - 1) as unknown as { pageIdx: number };
      try {
        return unseenText(module, pageIdx);
      } finally {
        module._FPDF_ClosePage(pageIdx);
      }
    },
    async draw(page, { withText } = { withText: true }) {
      const opened = document.getPage(page - 1);
      const { pageIdx } = opened as unknown as { pageIdx: number };
      if (!withText) {
        for (const object of objectsOf(module, pageIdx)) {
          if (module._FPDFPageObj_GetType(object) === TEXT) module._FPDFPageObj_SetIsActive(object, 0);
        }
      }
      const { originalWidth, originalHeight } = opened.getOriginalSize();
      const scale = Math.min(dotsPerInch / pointsPerInch, Math.sqrt(mostPixels / (originalWidth * originalHeight)));
      if (!(Math.min(originalWidth, originalHeight) * scale >= leastSide)) return undefined;
      const { width, height, data } = await opened.render({ scale, render: 'bitmap', colorSpace: 'Gray' });
      const size = { width: originalWidth, height: originalHeight };
      return { width, height, pixels: data, dotsPerInch: Math.round(scale * pointsPerInch), size };
    },
  };
}

const TEXT = 1;
const IMAGE = 3;
const FORM = 5;

function objectsOf(module: ObjectProgram, page: number): number[] {
  const count = Math.min(module._FPDFPage_CountObjects(page), mostObjects);
  return Array.from({ length: count }, (_, index) => module._FPDFPage_GetObject(page, index));
}

/** How many pictures there are, those in forms as large as their form, and what they cover, in points squared. */
function pictureArea(module: ObjectProgram, objects: readonly number[]): { count: number; area: number } {
  // Forms may hold each other many times over.
  const budget = { left: mostObjects };
  let count = 0;
  let area = 0;
  for (const object of objects) {
    const type = module._FPDFPageObj_GetType(object);
    if (type !== IMAGE && type !== FORM) continue;
    if (type === FORM && !hasPicture(module, object, budget)) continue;
    count += 1;
    area += areaOf(module, object);
  }
  return { count, area };
}

function hasPicture(module: ObjectProgram, form: number, budget: { left: number }): boolean {
  const count = module._FPDFFormObj_CountObjects(form);
  for (let index = 0; index < count; index += 1) {
    if (budget.left-- <= 0) return true;
    const object = module._FPDFFormObj_GetObject(form, index);
    const type = module._FPDFPageObj_GetType(object);
    if (type === IMAGE || (type === FORM && hasPicture(module, object, budget))) return true;
  }
  return false;
}

function areaOf(module: ObjectProgram, object: number): number {
  const to = module.wasmExports.malloc(16);
  try {
    if (!module._FPDFPageObj_GetBounds(object, to, to + 4, to + 8, to + 12)) return 0;
    const view = new DataView(module.HEAPU8.buffer);
    const [left = 0, bottom = 0, right = 0, top = 0] = [0, 4, 8, 12].map((at) => view.getFloat32(to + at, true));
    return Math.abs(right - left) * Math.abs(top - bottom);
  } finally {
    module.wasmExports.free(to);
  }
}

interface XfaProgram {
  module: {
    HEAPU8: Uint8Array;
    wasmExports: { malloc(size: number): number; free(pointer: number): void };
    _FPDF_GetXFAPacketCount(document: number): number;
    _FPDF_GetXFAPacketContent(document: number, index: number, to: number, size: number, written: number): number;
  };
  documentIdx: number;
}

/** The packets of a dynamic form: XML each. @throws when the file cannot be opened */
export async function readXfaPackets(bytes: Uint8Array): Promise<Uint8Array[]> {
  const library = await PDFiumLibrary.init({ wasmBinary: new Uint8Array(readFileSync(programPath())).buffer });
  // The library has no names of its own for this.
  const { module, documentIdx } = (await library.loadDocument(bytes)) as unknown as XfaProgram;
  const packets: Uint8Array[] = [];
  const length = module.wasmExports.malloc(4);
  const read = (index: number, to: number, size: number): number => {
    if (!module._FPDF_GetXFAPacketContent(documentIdx, index, to, size, length)) return 0;
    return new DataView(module.HEAPU8.buffer).getUint32(length, true);
  };
  for (let index = 0; index < Math.min(mostPackets, module._FPDF_GetXFAPacketCount(documentIdx)); index += 1) {
    const size = read(index, 0, 0);
    if (size === 0 || size > mostPacketBytes) continue;
    const to = module.wasmExports.malloc(size);
    read(index, to, size);
    packets.push(module.HEAPU8.slice(to, to + size));
    module.wasmExports.free(to);
  }
  return packets;
}

/** In a release it stands next to the program, see the manifest's `assets`. */
function programPath(): string {
  const bundled = join(import.meta.dirname, 'pdfium.wasm');
  return existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm');
}
