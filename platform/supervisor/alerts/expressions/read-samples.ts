import type { Labels } from './expression.ts';

/** A line of the text format of Prometheus. */
export interface SampleLine {
  /** Name and labels as they stand in the line, the same for each value of a series. */
  key: string;
  name: string;
  value: number;
}

/**
 * The samples of the wanted metrics in a text of the format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
 * Timestamps are passed over: what is told is told now. Lines that cannot be read are left out.
 */
export function* readSamples(text: string, isWanted: (name: string) => boolean): Generator<SampleLine> {
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    const line = text.slice(start, end);
    start = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const [name = ''] = /^[^\s{]+/.exec(line) ?? [];
    if (!isWanted(name)) continue;
    const labels = line[name.length] === '{' ? endOfLabels(line, name.length) : name.length;
    if (labels === -1) continue;
    const [written] = line.slice(labels).trim().split(/\s+/);
    const value = written === undefined ? Number.NaN : readValue(written);
    if (value !== undefined) yield { key: line.slice(0, labels), name, value };
  }
}

/** The place after the closing brace, which may also stand in a value; -1 when there is none. */
function endOfLabels(line: string, open: number): number {
  let isQuoted = false;
  for (let at = open; at < line.length; at++) {
    const character = line[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted && character === '\\') at++;
    else if (!isQuoted && character === '}') return at + 1;
  }
  return -1;
}

function readValue(written: string): number | undefined {
  if (/^[+-]?Inf$/i.test(written)) return written.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^NaN$/i.test(written)) return Number.NaN;
  const value = written === '' ? Number.NaN : Number(written);
  return Number.isNaN(value) ? undefined : value;
}

const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** The labels of a key as `readSamples` gives it. */
export function labelsOf(key: string): Labels {
  const labels: Record<string, string> = {};
  for (const [, label = '', value = ''] of key.matchAll(/([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g)) {
    labels[label] = value.replace(/\\[n"\\]/g, (escaped) => ESCAPED[escaped] ?? escaped);
  }
  return labels;
}
