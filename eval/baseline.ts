import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Curve } from './summary.ts';

export interface Baseline {
  name: string;
  groups: Record<string, { questions: number; curve: Curve }>;
}

const MINUTES = 5;

/**
 * The baseline program next to a set, `../bm25_baseline.py`, run on the same data; none when there is no such
 * program or no Python.
 */
export async function runBaseline(directory: string): Promise<Baseline[]> {
  const program = join(directory, '..', 'bm25_baseline.py');
  try {
    await access(program);
    const options = { timeout: MINUTES * 60_000 };
    const { stdout } = await promisify(execFile)('python3', [program, directory], options);
    return readBaseline(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Reads the lines `== set, name, n chunks` and `group n= 12 doc@1 0.500 …` that it prints. */
export function readBaseline(output: string): Baseline[] {
  const baselines: Baseline[] = [];
  for (const line of output.split('\n')) {
    const name = /^== [^,]*, (.*), \d+ chunks$/.exec(line)?.[1];
    if (name !== undefined) baselines.push({ name, groups: {} });
    const group = /^(\S+)\s+n=\s*(\d+) (.*)$/.exec(line);
    if (!group) continue;
    const [, key = '', questions, figures = ''] = group;
    const curve: Curve = {};
    for (const [, measure = '', k, value] of figures.matchAll(/(doc|hit|cov)@(\d+) ([\d.]+)/g)) {
      const depth = Number(k);
      curve[depth] = { ...(curve[depth] ?? { doc: 0, hit: 0, cov: 0, prec: 0 }), [measure]: Number(value) };
    }
    const last = baselines.at(-1);
    if (last) last.groups[key] = { questions: Number(questions), curve };
  }
  return baselines;
}
