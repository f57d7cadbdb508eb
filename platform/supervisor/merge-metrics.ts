import { readFile, rm } from 'node:fs/promises';
import { figuresPath } from '../kernel/figures-path.ts';

/**
 * Adds up the Prometheus texts of many processes, series by series. What processes counted before they ended is kept,
 * or every deploy would set the counters back.
 */
export interface MetricsLedger {
  /** Keeps the last figures of a process that ends. Gauges end with it. */
  retire(text: string): void;
  merge(texts: readonly string[]): string;
}

export function createMetricsLedger(): MetricsLedger {
  let kept = new Map<string, number>();
  let keptHeaders = new Map<string, string[]>();

  return {
    retire(text) {
      const parsed = parse([text]);
      kept = sum(
        kept,
        new Map([...parsed.series].filter(([key]) => parsed.types.get(familyOf(key, parsed.types)) !== 'gauge')),
      );
      keptHeaders = new Map([...parsed.headers, ...keptHeaders]);
    },
    merge(texts) {
      const parsed = parse(texts);
      const headers = new Map([...keptHeaders, ...parsed.headers]);
      const types = new Map([...headers].map(([family, lines]) => [family, typeIn(lines)]));
      const series = sum(kept, parsed.series);
      const lines: string[] = [];
      for (const [family, header] of headers) {
        lines.push(...header);
        for (const [key, value] of series) if (familyOf(key, types) === family) lines.push(`${key} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

function parse(texts: readonly string[]) {
  const headers = new Map<string, string[]>();
  let series = new Map<string, number>();
  for (const text of texts) {
    const seen = new Map<string, string[]>();
    const own = new Map<string, number>();
    for (const line of text.split('\n')) {
      if (line.startsWith('#')) {
        const family = line.split(' ')[2] ?? '';
        seen.set(family, [...(seen.get(family) ?? []), line]);
      } else if (line !== '') {
        const at = line.lastIndexOf(' ');
        own.set(line.slice(0, at), Number(line.slice(at + 1)));
      }
    }
    for (const [family, lines] of seen) if (!headers.has(family)) headers.set(family, lines);
    series = sum(series, own);
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

function sum(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Map<string, number> {
  const total = new Map(a);
  for (const [key, value] of b) total.set(key, (total.get(key) ?? 0) + value);
  return total;
}

/** What a process wrote down when it ended; empty for one that crashed. The file is used up. */
export async function lastFigures(socket: string): Promise<string> {
  const path = figuresPath(socket);
  const text = await readFile(path, 'utf8').catch(() => '');
  await rm(path, { force: true });
  return text;
}
