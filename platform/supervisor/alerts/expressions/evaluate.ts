import { bucketQuantile } from './bucket-quantile.ts';
import type { Aggregate, Arithmetic, Compare, Expression, Labels, Quantile, Vector } from './expression.ts';
import type { History, Sample } from './history.ts';
import { overWindow } from './over-window.ts';

export interface Moment {
  history: Pick<History, 'now' | 'within'>;
  /** Of the history, in seconds. */
  at: number;
  /** Of the calendar, in seconds since 1970. */
  wallSeconds: number;
}

/** What an expression yields now: a value for each set of labels; of a condition those that meet it. */
export function evaluate(expression: Expression, moment: Moment): Sample[] {
  switch (expression.kind) {
    case 'series':
      return moment.history.now(expression, moment.at);
    case 'window': {
      const { of, seconds } = expression;
      const end = moment.at - of.agoSeconds;
      return moment.history.within(of, seconds, end).flatMap((points) => {
        const value = overWindow(expression, points, end);
        return value === undefined ? [] : [{ labels: points.labels, value }];
      });
    }
    case 'aggregate':
      return aggregated(expression, moment);
    case 'quantile':
      return quantiles(expression, moment);
    case 'arithmetic':
      return calculated(expression, moment);
    case 'at-least':
      return map(expression.of, moment, (value) => Math.max(value, expression.least));
    case 'or-zero': {
      const found = evaluate(expression.of, moment);
      return found.length > 0 ? found : [{ labels: {}, value: 0 }];
    }
    case 'since':
      return map(expression.of, moment, (value) => moment.wallSeconds - value);
    case 'until':
      return map(expression.of, moment, (value) => value - moment.wallSeconds);
    case 'compare':
      return compared(expression, moment);
    case 'both': {
      const right = new Set(evaluate(expression.right, moment).map(({ labels }) => keyOf(labels, expression.on)));
      return evaluate(expression.left, moment).filter(({ labels }) => right.has(keyOf(labels, expression.on)));
    }
    case 'either': {
      const left = evaluate(expression.left, moment);
      const known = new Set(left.map(({ labels }) => keyOf(labels)));
      return [...left, ...evaluate(expression.right, moment).filter(({ labels }) => !known.has(keyOf(labels)))];
    }
    case 'absent': {
      if (moment.history.now(expression.of, moment.at).length > 0) return [];
      const exact = Object.entries(expression.of.where).filter(([, wanted]) => typeof wanted === 'string');
      return [{ labels: Object.fromEntries(exact) as Labels, value: 1 }];
    }
    case 'always':
      return [{ labels: {}, value: 1 }];
  }
}

/** The same for the same labels, whatever their order. @param names only these; default: all */
export const keyOf = (labels: Labels, names: readonly string[] = Object.keys(labels).toSorted()): string =>
  JSON.stringify(names.map((name) => [name, labels[name] ?? '']));

const map = (of: Vector, moment: Moment, change: (value: number) => number): Sample[] =>
  evaluate(of, moment).map(({ labels, value }) => ({ labels, value: change(value) }));

const FOLD: Readonly<Record<Aggregate['function'], (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

function aggregated({ function: name, of, by }: Aggregate, moment: Moment): Sample[] {
  const groups = new Map<string, Sample>();
  for (const { labels, value } of evaluate(of, moment)) {
    const key = keyOf(labels, by);
    const group = groups.get(key);
    if (group) group.value = FOLD[name](group.value, value);
    else groups.set(key, { labels: only(labels, by), value });
  }
  return [...groups.values()];
}

const only = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])));

function quantiles({ share, of }: Quantile, moment: Moment): Sample[] {
  const buckets = evaluate(of, moment).map(({ labels: { le = '', ...labels }, value }) => ({ le, labels, value }));
  return [...Map.groupBy(buckets, ({ labels }) => keyOf(labels)).values()].map((group) => {
    const counts = group.map(({ le, value }) => ({
      bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      count: value,
    }));
    return { labels: group[0]?.labels as Labels, value: bucketQuantile(share, counts) };
  });
}

const CALCULATE: Readonly<Record<Arithmetic['operator'], (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

function calculated({ operator, left, right }: Arithmetic, moment: Moment): Sample[] {
  const calculate = CALCULATE[operator];
  if (typeof left === 'number') {
    return typeof right === 'number'
      ? [{ labels: {}, value: calculate(left, right) }]
      : map(right, moment, (value) => calculate(left, value));
  }
  return paired(left, right, moment).map(([{ labels, value }, other]) => ({ labels, value: calculate(value, other) }));
}

const COMPARE: Readonly<Record<Compare['operator'], (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '==': (a, b) => a === b,
};

const compared = ({ operator, left, right }: Compare, moment: Moment): Sample[] =>
  paired(left, right, moment).flatMap(([sample, other]) => (COMPARE[operator](sample.value, other) ? [sample] : []));

/** Each of the left side with its value of the right side. */
function paired(left: Vector, right: Vector | number, moment: Moment): (readonly [Sample, number])[] {
  const samples = evaluate(left, moment);
  if (typeof right === 'number') return samples.map((sample) => [sample, right] as const);
  const others = new Map(evaluate(right, moment).map(({ labels, value }) => [keyOf(labels), value]));
  return samples.flatMap((sample) => {
    const other = others.get(keyOf(sample.labels));
    return other === undefined ? [] : [[sample, other] as const];
  });
}
