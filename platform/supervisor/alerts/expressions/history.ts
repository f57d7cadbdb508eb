import type { Labels, Reading, Selector, Wanted } from './expression.ts';
import { labelsOf, readSamples } from './read-samples.ts';
import { selector as keyOf } from './to-promql.ts';

/**
 * What the rules read, over time and bounded: each value for a quarter of an hour, then one a minute, after an hour one in five minutes,
 * after six hours one an hour; each series only as far back as a rule looks. Times are in seconds.
 */
export interface History {
  /** Takes the values of one text of figures. */
  record(text: string, at: number): void;
  /** Takes values that a rule worked out. */
  put(name: string, values: readonly Sample[], at: number): void;
  /** The last values, of the series that the last text had; or those of `agoSeconds` ago. */
  now(selector: Selector, at: number): Sample[];
  /** The values within the seconds up to now, oldest first. */
  within(selector: Selector, seconds: number, at: number): Points[];
  /** What rules compare with days later, for the next supervisor. */
  readonly kept: KeptHistory;
  /** Series that were left out because there are too many. */
  readonly leftOut: number;
}

export interface Sample {
  labels: Labels;
  value: number;
}

export interface Points {
  labels: Labels;
  times: number[];
  values: number[];
}

/** By the key of the series. */
export type KeptHistory = Record<string, { times: number[]; values: number[] }>;

interface Series extends Points {
  name: string;
  key: string;
  /** The last text that had it. */
  seenAt: number;
}

const HOUR = 3_600;
/** Up to this age, one value in so many seconds is kept. */
const GRIDS: readonly (readonly [ageSeconds: number, stepSeconds: number])[] = [
  [900, 0],
  [HOUR, 60],
  [6 * HOUR, 300],
  [Number.POSITIVE_INFINITY, HOUR],
];
const MOST_SERIES = 20_000;
/** Values after which a series is thinned out. */
const THIN_EVERY = 40;
/** As Prometheus looks for the value of a moment. */
const LOOK_BACK = 300;

const stepFor = (ageSeconds: number): number => GRIDS.find(([age]) => ageSeconds <= age)?.[1] ?? HOUR;

/** @param readings all that rules read @param before what an earlier supervisor kept */
export function createHistory(readings: readonly Reading[], before: KeptHistory = {}): History {
  const depths = new Map<string, number>();
  const selectors = new Map<string, { selector: Selector; series: Set<Series> }>();
  for (const { selector, seconds } of readings) {
    depths.set(selector.name, Math.max(depths.get(selector.name) ?? 0, seconds));
    selectors.set(keyOf({ ...selector, agoSeconds: 0 }), { selector, series: new Set() });
  }
  const byName = Map.groupBy(selectors.values(), ({ selector }) => selector.name);
  /** Of series that no rule reads as well: undefined. */
  const all = new Map<string, Series | undefined>();
  let [newest, count, leftOut] = [0, 0, 0];

  const open = (name: string, key: string): Series | undefined => {
    if (all.has(key)) return all.get(key);
    const labels = labelsOf(key);
    const readers = (byName.get(name) ?? []).filter(({ selector }) => isSelected(labels, selector));
    if (readers.length > 0 && count >= MOST_SERIES) {
      leftOut++;
      return undefined;
    }
    const made = readers.length > 0 ? { name, key, labels, times: [], values: [], seenAt: 0 } : undefined;
    if (made) count++;
    for (const { series } of readers) series.add(made as Series);
    all.set(key, made);
    return made;
  };
  const add = (series: Series | undefined, value: number, at: number) => {
    if (!series) return;
    series.times.push(at);
    series.values.push(value);
    series.seenAt = at;
    if (series.times.length % THIN_EVERY === 0)
      Object.assign(series, thinned(series, at, depths.get(series.name) ?? 0));
  };
  const forget = (at: number) => {
    if (all.size > 5 * MOST_SERIES) for (const [key, series] of all) if (!series) all.delete(key);
    for (const series of all.values()) {
      if (!series || at - series.seenAt <= (depths.get(series.name) ?? 0) + LOOK_BACK) continue;
      all.delete(series.key);
      for (const { series: known } of byName.get(series.name) ?? []) known.delete(series);
      count--;
    }
  };
  const selected = (selector: Selector) => [...(selectors.get(keyOf({ ...selector, agoSeconds: 0 }))?.series ?? [])];

  for (const [key, { times, values }] of Object.entries(before)) {
    const name = key.split('{')[0] as string;
    const series = depths.has(name) ? open(name, key) : undefined;
    if (series) Object.assign(series, { times: [...times], values: [...values], seenAt: times.at(-1) ?? 0 });
  }

  return {
    record(text, at) {
      newest = at;
      leftOut = 0;
      for (const { key, name, value } of readSamples(text, (each) => depths.has(each))) add(open(name, key), value, at);
      forget(at);
    },
    put(name, values, at) {
      if (!depths.has(name)) return;
      for (const { labels, value } of values) add(open(name, writeKey(name, labels)), value, at);
    },
    now(selector, at) {
      const found = selected(selector);
      if (selector.agoSeconds === 0) {
        return found
          .filter(({ seenAt }) => seenAt === newest)
          .map(({ labels, values }) => ({ labels, value: values.at(-1) as number }));
      }
      const then = at - selector.agoSeconds;
      const patience = Math.max(LOOK_BACK, stepFor(selector.agoSeconds));
      return found.flatMap(({ labels, times, values }) => {
        const index = times.findLastIndex((time) => time <= then);
        const isNear = index >= 0 && then - (times[index] as number) <= patience;
        return isNear ? [{ labels, value: values[index] as number }] : [];
      });
    },
    within: (selector, seconds, at) =>
      selected(selector).map((series) => pick(series, at - seconds, at, stepFor(seconds))),
    get kept() {
      const long = [...all.values()].filter((series) => series && (depths.get(series.name) ?? 0) > 6 * HOUR);
      return Object.fromEntries(
        (long as Series[]).map((series) => {
          const { times, values } = pick(series, Number.NEGATIVE_INFINITY, newest, HOUR);
          return [series.key, { times, values }];
        }),
      );
    },
    get leftOut() {
      return leftOut;
    },
  };
}

/** The first value of each step, and the last of all. */
function pick({ labels, times, values }: Points, after: number, to: number, step: number): Points {
  const picked: Points = { labels, times: [], values: [] };
  let bucket = Number.NaN;
  for (const [index, time] of times.entries()) {
    if (time <= after || time > to) continue;
    const current = step === 0 ? index : Math.floor(time / step);
    if (current === bucket && index < times.length - 1) continue;
    bucket = current;
    picked.times.push(time);
    picked.values.push(values[index] as number);
  }
  return picked;
}

function thinned(series: Series, at: number, depth: number): Pick<Points, 'times' | 'values'> {
  const seen = new Set<string>();
  const kept: Pick<Points, 'times' | 'values'> = { times: [], values: [] };
  for (const [index, time] of series.times.entries()) {
    const age = at - time;
    if (age > depth + LOOK_BACK + stepFor(depth)) continue;
    // What a shorter age keeps must hold what a longer one picks: the first of each of its steps.
    const isPicked = GRIDS.map(([limit, step], grid) => {
      const name = `${grid}:${step === 0 ? index : Math.floor(time / step)}`;
      const isFirst = !seen.has(name);
      seen.add(name);
      return isFirst && (age <= limit || grid === GRIDS.length - 1);
    });
    if (!isPicked.includes(true)) continue;
    kept.times.push(time);
    kept.values.push(series.values[index] as number);
  }
  return kept;
}

export const isSelected = (labels: Labels, { where }: Selector): boolean =>
  Object.entries(where).every(([label, wanted]) => isWanted(labels[label] ?? '', wanted));

function isWanted(value: string, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return value === wanted;
  const { like, notLike } = wanted;
  return (like === undefined || whole(like).test(value)) && (notLike === undefined || !whole(notLike).test(value));
}

const whole = (expression: string): RegExp => new RegExp(`^(?:${expression})$`);

const writeKey = (name: string, labels: Labels): string => {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
};
