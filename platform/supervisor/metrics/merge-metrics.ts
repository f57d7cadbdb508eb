import { unlink } from 'node:fs/promises';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import { SHARED_MARK } from '../../kernel/telemetry/metrics.ts';
import { readPlain } from '../../services/plain-file.ts';
import { createSeriesBound, type SeriesBound } from './bound-series.ts';

/**
 * Adds up the Prometheus texts of many processes, series by series. What processes counted before they ended is kept,
 * or every deploy would set the counters back. No counter that was shown is ever shown lower: a fall, be it of the last
 * digit of a sum, reads as a restart from zero, and rates then find requests that were never made. Of what the processes share,
 * the highest value counts.
 */
export interface MetricsLedger {
  /** Keeps the last figures of a process that ends. Gauges end with it. */
  retire(text: string): void;
  /**
   * @param isComplete whether every process has told its figures. Only then is what is missing known to be lost, and what
   * was shown of it is kept; otherwise it is still to be counted
   */
  merge(texts: readonly string[], isComplete?: boolean): string;
  readonly state: LedgerState;
}

/** What must survive the supervisor. Keys are series, such as `http_requests_total{status="200"}`, or families. */
export interface LedgerState {
  /** Sums of ended processes. */
  kept: Record<string, number>;
  /** The last that was shown of all series but gauges. */
  shown: Record<string, number>;
  /** The lines that describe a family. */
  headers: Record<string, string[]>;
}

export function createMetricsLedger({
  kept: before,
  shown: last,
  headers: known,
}: Partial<LedgerState> = {}): MetricsLedger {
  let kept = new Map(Object.entries(before ?? {}));
  const shown = new Map(Object.entries(last ?? {}));
  let keptHeaders = new Map(Object.entries(known ?? {}));
  const bound = createSeriesBound([...kept.keys(), ...shown.keys()]);

  return {
    retire(text) {
      const parsed = parse([text], bound);
      kept = sum(
        kept,
        new Map([...parsed.series].filter(([key]) => parsed.types.get(familyOf(key, parsed.types)) !== 'gauge')),
      );
      keptHeaders = new Map([...parsed.headers, ...keptHeaders]);
    },
    merge(texts, isComplete = true) {
      const parsed = parse(texts, bound);
      const headers = new Map([...keptHeaders, ...parsed.headers]);
      const types = new Map([...headers].map(([family, lines]) => [family, typeIn(lines)]));
      const series = sum(kept, parsed.series);
      for (const [key, value] of shown) {
        const missing = value - (series.get(key) ?? 0);
        if (missing <= 0) continue;
        series.set(key, value);
        if (isComplete) kept.set(key, (kept.get(key) ?? 0) + missing);
      }
      const byFamily = Map.groupBy(series, ([key]) => familyOf(key, types));
      const lines: string[] = [];
      for (const [family, header] of headers) {
        lines.push(...header);
        const isGauge = types.get(family) === 'gauge';
        if (!isGauge) keptHeaders.set(family, header);
        for (const [key, value] of byFamily.get(family) ?? []) {
          lines.push(`${key} ${value}`);
          if (!isGauge) shown.set(key, value);
        }
      }
      return `${lines.join('\n')}\n`;
    },
    get state() {
      const [a, b, c] = [kept, shown, keptHeaders].map((map) => Object.fromEntries<unknown>(map));
      return { kept: a, shown: b, headers: c } as LedgerState;
    },
  };
}

function parse(texts: readonly string[], bound: SeriesBound) {
  const headers = new Map<string, string[]>();
  const shared = new Set(texts.flatMap(sharedIn));
  let series = new Map<string, number>();
  for (const text of texts) {
    const seen = new Map<string, string[]>();
    const own = new Map<string, number>();
    for (const line of text.split('\n')) {
      if (line.startsWith(SHARED_MARK)) continue;
      if (line.startsWith('#')) {
        const family = line.split(' ')[2] ?? '';
        seen.set(family, [...(seen.get(family) ?? []), line]);
      } else if (line !== '') {
        const at = line.lastIndexOf(' ');
        const key = bound.place(line.slice(0, at));
        own.set(key, (own.get(key) ?? 0) + Number(line.slice(at + 1)));
      }
    }
    for (const [family, lines] of seen) if (!headers.has(family)) headers.set(family, lines);
    series = sum(series, own, (key) => shared.has(key.split('{')[0] ?? key));
  }
  return { headers, series, types: new Map([...headers].map(([family, lines]) => [family, typeIn(lines)])) };
}

const typeIn = (lines: string[]) => lines.find((line) => line.startsWith('# TYPE'))?.split(' ')[3];

/** `http_request_duration_seconds_bucket{…}` belongs to the family `http_request_duration_seconds`. */
function familyOf(key: string, types: ReadonlyMap<string, unknown>): string {
  const name = key.split('{')[0] ?? key;
  if (types.has(name)) return name;
  return name.replace(/_(bucket|sum|count)$/, '');
}

/** @param isShared whether the highest value of a series counts, in place of the sum */
function sum(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  isShared: (key: string) => boolean = () => false,
): Map<string, number> {
  const total = new Map(a);
  for (const [key, value] of b) {
    const before = total.get(key);
    if (before === undefined) total.set(key, value);
    else total.set(key, isShared(key) ? Math.max(before, value) : before + value);
  }
  return total;
}

const sharedIn = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(`${SHARED_MARK} `) ? [line.slice(SHARED_MARK.length + 1)] : []));

/** Far more than all counters of a process need. */
const MOST_FIGURES_BYTES = 4 * 1024 * 1024;

/** What a process wrote down when it ended; empty for one that crashed or left something else there. The file is used up. */
export async function lastFigures(socket: string): Promise<string> {
  const path = figuresPath(socket);
  const text = await readPlain(path, MOST_FIGURES_BYTES).catch(() => '');
  await unlink(path).catch(() => {});
  return text;
}
