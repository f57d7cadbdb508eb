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
  const figures = givenFigures(sources);
  if (figures.length > 0) input = merged(input, treeOf(figures));
  return readInput(input, optionOf(sources));
}

/** `questions.perHour` stands in `questions`. */
function treeOf(figures: readonly [path: string, value: unknown][]): Tree {
  const tree: Tree = {};
  for (const [path, value] of figures) {
    const [section = '', key] = path.split('.');
    tree[section] = key === undefined ? value : { ...(tree[section] as Tree | undefined), [key]: value };
  }
  return tree;
}

/** Each says how much there is of a kind of work: what an earlier source says by another of them would stay and count. */
const amounts = ['perDay', 'perHour', 'perUserPerDay'];

/** Objects are joined key by key; of anything else, and of amounts of work, what the later one says stays. */
function merged(before: unknown, after: unknown): unknown {
  if (!isTree(before) || !isTree(after)) return after;
  const isSaid = amounts.some((key) => key in after);
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !isSaid || !amounts.includes(key)));
  const joined = Object.entries(after).map(([key, value]) => [key, merged(kept[key], value)]);
  return { ...kept, ...Object.fromEntries(joined) };
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

async function readJson(option: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`Read plan: ${option} "${file}": ${(cause as Error).message}`, { cause });
  }
}
