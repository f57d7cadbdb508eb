import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PagePicture } from './recognize-text.ts';

export interface PdfPictures {
  /** What a page draws. */
  contents(page: number): { objects: number; images: number };
  /** The page as it looks; undefined for one of no sensible size. @param page from 1 */
  draw(page: number): Promise<PagePicture | undefined>;
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
  return {
    contents(page) {
      const opened = document.getPage(page - 1);
      const objects = Math.min(opened.getObjectCount(), mostObjects);
      let images = 0;
      for (let index = 0; index < objects; index += 1) {
        const { type } = opened.getObject(index);
        // Images may lie in forms, which are not looked into.
        if (type === 'image' || type === 'form') images += 1;
      }
      return { objects, images };
    },
    async draw(page) {
      const opened = document.getPage(page - 1);
      const { originalWidth, originalHeight } = opened.getOriginalSize();
      const scale = Math.min(dotsPerInch / pointsPerInch, Math.sqrt(mostPixels / (originalWidth * originalHeight)));
      if (!(Math.min(originalWidth, originalHeight) * scale >= leastSide)) return undefined;
      const { width, height, data } = await opened.render({ scale, render: 'bitmap', colorSpace: 'Gray' });
      return { width, height, pixels: data, dotsPerInch: Math.round(scale * pointsPerInch) };
    },
  };
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

/** In a release it stands beside the program, see the manifest's `assets`. */
function programPath(): string {
  const beside = join(import.meta.dirname, 'pdfium.wasm');
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm');
}
