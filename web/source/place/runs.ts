/** Letters in a row by which two readings of a page are compared. */
export const RUN_LETTERS = 12;

/** Where each run of letters of a text stands; -1 for a run that it has more than once. */
function indexRuns(text: string): Map<string, number> {
  const runs = new Map<string, number>();
  for (let at = 0; at + RUN_LETTERS <= text.length; at += 1) {
    const run = text.slice(at, at + RUN_LETTERS);
    runs.set(run, runs.has(run) ? -1 : at);
  }
  return runs;
}

/** The runs of letters of a page and of a text layer. */
export interface SharedRuns {
  page: ReadonlyMap<string, number>;
  layer: ReadonlyMap<string, number>;
  /** Runs that stand once in both come in the same order. */
  inOrder: boolean;
}

export function shareRuns(pageText: string, layerText: string): SharedRuns {
  const [page, layer] = [indexRuns(pageText), indexRuns(layerText)];
  let inOrder = true;
  let last = -1;
  for (const [run, row] of page) {
    const column = row === -1 ? -1 : (layer.get(run) ?? -1);
    if (column === -1) continue;
    if (column < last) inOrder = false;
    last = column;
  }
  return { page, layer, inOrder };
}

/** How many runs a text has that `runs` has too. */
export function countShared(text: string, runs: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (let at = 0; at + RUN_LETTERS <= text.length; at += 1) {
    if (runs.has(text.slice(at, at + RUN_LETTERS))) shared += 1;
  }
  return shared;
}

/** Whether `run` stands once in the page, once in the layer, and there at `column`. */
export const isOnly = ({ page, layer }: SharedRuns, run: string, column: number): boolean =>
  layer.get(run) === column && (page.get(run) ?? -1) >= 0;

/** Whether a span of the page has a run that stands once in both texts. */
export function hasShared(pageText: string, { start, end }: { start: number; end: number }, runs: SharedRuns): boolean {
  for (let at = start; at + RUN_LETTERS <= end; at += 1) {
    const run = pageText.slice(at, at + RUN_LETTERS);
    if ((runs.page.get(run) ?? -1) >= 0 && (runs.layer.get(run) ?? -1) >= 0) return true;
  }
  return false;
}
