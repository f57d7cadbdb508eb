import { isPaperRgb } from '../../markup/colours.ts';

/** What the library does not name of the program that it wraps. */
export interface ObjectProgram {
  HEAPU8: Uint8Array;
  wasmExports: { malloc(size: number): number; free(pointer: number): void };
  _FPDF_ClosePage(page: number): void;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_SetIsActive(object: number, active: number): number;
  _FPDFPageObj_GetFillColor(object: number, red: number, green: number, blue: number, opacity: number): number;
  _FPDFTextObj_GetTextRenderMode(object: number): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFFormObj_CountObjects(form: number): number;
  _FPDFFormObj_GetObject(form: number, index: number): number;
}

/*
 * Text that a page has and does not show: white letters on white paper, and letters that are not painted where there is no
 * picture of them. Recognition puts letters that are not painted over its scans: these are the text of what is seen.
 */

/** In points, from the lower left corner. */
export interface Area {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

const TEXT = 1;
const PATH = 2;
const FILLED = 0;
const FILLED_TO_CLIP = 4;
const UNPAINTED = 3;
const mostObjects = 20_000;

/** Where a page has text that does not show. @param page of the program that draws pages */
export function unseenText(module: ObjectProgram, page: number): Area[] {
  const memory = module.wasmExports.malloc(16);
  try {
    return find(module, page, memory);
  } finally {
    module.wasmExports.free(memory);
  }
}

function find(module: ObjectProgram, page: number, memory: number): Area[] {
  const view = () => new DataView(module.HEAPU8.buffer);
  const areaOf = (object: number): Area | undefined => {
    if (!module._FPDFPageObj_GetBounds(object, memory, memory + 4, memory + 8, memory + 12)) return undefined;
    const [left = 0, bottom = 0, right = 0, top = 0] = [0, 4, 8, 12].map((at) => view().getFloat32(memory + at, true));
    return { left, bottom, right, top };
  };
  /** Undefined for a pattern. */
  const isWhite = (object: number): boolean | undefined => {
    if (!module._FPDFPageObj_GetFillColor(object, memory, memory + 4, memory + 8, memory + 12)) return undefined;
    const [red = 0, green = 0, blue = 0, opacity = 0] = [0, 4, 8, 12].map((at) => view().getUint32(memory + at, true));
    return opacity === 0 || isPaperRgb(red, green, blue);
  };
  const unseen: { area: Area; isPainted: boolean }[] = [];
  /** What lies below the text that comes next: all of it, and what gives it another ground than white. */
  const shapes: Area[] = [];
  const grounds: Area[] = [];
  const count = Math.min(module._FPDFPage_CountObjects(page), mostObjects);
  for (let index = 0; index < count; index += 1) {
    const object = module._FPDFPage_GetObject(page, index);
    const type = module._FPDFPageObj_GetType(object);
    if (type !== TEXT) {
      const area = areaOf(object);
      if (!area) continue;
      shapes.push(area);
      if (type !== PATH || isWhite(object) !== true) grounds.push(area);
      continue;
    }
    const mode = module._FPDFTextObj_GetTextRenderMode(object);
    const isPainted = mode !== UNPAINTED;
    if (isPainted && ((mode !== FILLED && mode !== FILLED_TO_CLIP) || isWhite(object) !== true)) continue;
    const area = areaOf(object);
    if (area && !(isPainted && grounds.some((ground) => holdsMiddle(ground, area)))) unseen.push({ area, isPainted });
  }
  // A scan may lie above its letters.
  return unseen
    .filter(({ area, isPainted }) => isPainted || !shapes.some((shape) => meets(shape, area)))
    .map(({ area }) => area);
}

const meets = (a: Area, b: Area): boolean =>
  a.left < b.right && a.right > b.left && a.bottom < b.top && a.top > b.bottom;

function holdsMiddle(ground: Area, { left, bottom, right, top }: Area): boolean {
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  return x >= ground.left && x <= ground.right && y >= ground.bottom && y <= ground.top;
}
