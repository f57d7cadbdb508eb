import type { Window } from './expression.ts';
import type { Points } from './history.ts';

/**
 * The functions of a window, as Prometheus 3 works them out: `rate`, `increase` and `delta` stretch what was seen to the ends of the
 * window, where the values come near enough to these. Undefined for too few values.
 * @param at the end of the window, in seconds
 */
export function overWindow(
  { function: name, seconds, aheadSeconds = 0 }: Window,
  points: Points,
  at: number,
): number | undefined {
  switch (name) {
    case 'rate':
      return divided(change(points, { seconds, at, isCounter: true }), seconds);
    case 'increase':
      return change(points, { seconds, at, isCounter: true });
    case 'delta':
      return change(points, { seconds, at, isCounter: false });
    case 'avg_over_time':
      return points.values.length > 0 ? total(points.values) / points.values.length : undefined;
    case 'predict_linear':
      return predicted(points, at, aheadSeconds);
  }
}

const divided = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value / by;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

interface Change {
  seconds: number;
  at: number;
  /** A fall is a restart from zero. */
  isCounter: boolean;
}

/** Nearer than this, in mean distances of the values, the end of a window was reached. */
const NEAR = 1.1;

function change({ times, values }: Points, { seconds, at, isCounter }: Change): number | undefined {
  const [firstAt, lastAt] = [times[0], times.at(-1)];
  const [first, last] = [values[0], values.at(-1)];
  if (firstAt === undefined || lastAt === undefined || first === undefined || last === undefined) return undefined;
  if (times.length < 2) return undefined;
  let seen = last - first;
  if (isCounter) {
    for (const [index, value] of values.entries()) {
      const before = values[index - 1] ?? 0;
      if (index > 0 && value < before) seen += before;
    }
  }
  const span = lastAt - firstAt;
  const mean = span / (times.length - 1);
  let toStart = firstAt - (at - seconds);
  let toEnd = at - lastAt;
  if (toStart >= mean * NEAR) toStart = mean / 2;
  // A counter was not below zero.
  if (isCounter && seen > 0 && first >= 0) toStart = Math.min(toStart, span * (first / seen));
  if (toEnd >= mean * NEAR) toEnd = mean / 2;
  return seen * ((span + toStart + toEnd) / span);
}

/** Least squares. */
function predicted({ times, values }: Points, at: number, aheadSeconds: number): number | undefined {
  if (times.length < 2) return undefined;
  if (values.every((value) => value === values[0])) return values[0];
  const x = times.map((time) => time - at);
  const count = x.length;
  const [sumX, sumY] = [total(x), total(values)];
  const covariance = total(x.map((each, index) => each * (values[index] as number))) - (sumX * sumY) / count;
  const variance = total(x.map((each) => each * each)) - (sumX * sumX) / count;
  const slope = covariance / variance;
  return slope * aheadSeconds + sumY / count - (slope * sumX) / count;
}
