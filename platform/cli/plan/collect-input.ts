import { readFile } from 'node:fs/promises';
import { readInput } from '../../planner/input/read-input.ts';
import type { PlanInput } from '../../planner/input/schema.ts';
import { givenFigures, optionOf, readHost } from './options.ts';

export interface Sources {
  from?: string;
  prices?: string;
  host?: string;
  [figure: string]: string | boolean | undefined;
}

type Tree = Record<string, unknown>;

/**
 * A plan's input: what was measured, below what a file says, below what options say.
 * @throws Error with a sentence for each mistake
 */
export async function collectInput(sources: Sources, measured: Tree = {}): Promise<PlanInput> {
  const { from, prices, host } = sources;
  let input: unknown = measured;
  if (from !== undefined) input = merged(input, await readJson('--from', from));
  if (prices !== undefined) input = merged(input, { prices: await readJson('--prices', prices) });
  if (host !== undefined) input = merged(input, { host: readHost(host) });
  for (const [path, value] of givenFigures(sources)) {
    const tree = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    input = merged(input, tree);
  }
  return readInput(input, optionOf(sources));
}

/** Objects are joined key by key; of anything else the later one stays. */
function merged(before: unknown, after: unknown): unknown {
  if (!isTree(before) || !isTree(after)) return after;
  const joined = Object.entries(after).map(([key, value]) => [key, merged(before[key], value)]);
  return { ...before, ...Object.fromEntries(joined) };
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

async function readJson(option: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`Read plan: ${option} "${file}": ${(cause as Error).message}`, { cause });
  }
}
