import type { Area } from '../scans/unseen-text.ts';
import type { TextRun } from './text-run.ts';

/** In points: bounds of letters and the places of runs are rounded. */
const near = 1.5;
/** Of its width: the library makes one run of what stands in one line, whatever colour it has. */
const mostShown = 0.1;

/** The runs of a page without those in areas of text that does not show; one that is partly seen stays. */
export function withoutUnseen(runs: readonly (TextRun | object)[], unseen: readonly Area[]): (TextRun | object)[] {
  if (unseen.length === 0) return [...runs];
  return runs.filter((run) => !('str' in run) || run.str.trim() === '' || !isUnseen(run, unseen));
}

function isUnseen({ transform, width = 0 }: TextRun, unseen: readonly Area[]): boolean {
  const [a = 1, b = 0, , , x = 0, y = 0] = transform;
  const length = Math.hypot(a, b) || 1;
  const ends = [x, x + (width * a) / length];
  const [left, right] = [Math.min(...ends), Math.max(...ends)];
  // Across the writing its line stands between the lowest and the highest letter; a turned one is as wide as it is long.
  const level = [y, y + (width * b) / length];
  let covered = 0;
  for (const area of unseen) {
    const isLevel = Math.max(...level) >= area.bottom - near && Math.min(...level) <= area.top + near;
    if (!isLevel || left > area.right + near || right < area.left - near) continue;
    if (Math.abs(b) > Math.abs(a)) return true;
    covered += Math.min(right, area.right) - Math.max(left, area.left) + near;
  }
  return covered >= (right - left) * (1 - mostShown) && covered > 0;
}
