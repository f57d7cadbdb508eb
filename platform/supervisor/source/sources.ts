import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import { reasonForCheckout } from './choose-source.ts';
import { linkPackages } from './receive-source.ts';
import { lastChange, readFoundation, readSourceRecord, type SourceRecord } from './source-record.ts';
import { sourceRevision } from './source-revision.ts';

/** Sources that were pushed, oldest first: the last one is what units are built from; without any it is the checkout. */
const stackSchema = z.array(z.string().regex(/^[0-9a-f]{12}$/));

/** So many pushes can be undone. */
const KEPT = 3;

export interface Sources {
  /** Where they are kept. */
  readonly folder: string;
  /** What the supervisor itself runs from, and whose packages all sources use. */
  readonly checkout: string;
  /** What units are read and built from now. */
  readonly root: string;
  /** Of the source in use; undefined for the checkout. */
  record(): Promise<SourceRecord | undefined>;
  /** Makes one that was received the one in use. */
  use(id: string): Promise<void>;
  /** The root before the last push; undefined where there was none. */
  before(): string | undefined;
  /** Takes the last push back. */
  back(): Promise<void>;
  /** Ids of those that were pushed, the one in use last. */
  list(): readonly string[];
  /** What `list` gave before. */
  restore(list: readonly string[]): Promise<void>;
  /** Removes what is not in use and cannot be returned to. */
  prune(): Promise<void>;
}

/**
 * Decides what the platform is built from at its start.
 * @throws when it is written down and not readable
 */
export async function openSources(home: string, checkout: string, progress: (line: string) => void): Promise<Sources> {
  const folder = join(home, 'sources');
  const path = join(folder, 'current.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let stack = await readStack(path);
  const rootOf = (id: string | undefined) => (id === undefined ? checkout : join(folder, id));
  const save = async (next: string[]) => {
    await replaceFile(path, `${JSON.stringify(next)}\n`, { flush: true });
    stack = next;
  };
  const there = stack.filter((id) => existsSync(join(folder, id, '.source.json')));
  if (there.length < stack.length) await save(there);
  const last = stack.at(-1);
  if (last !== undefined) {
    const root = rootOf(last);
    const record = (await readSourceRecord(root)) as SourceRecord;
    const reason = await reasonAgainst(root, record, checkout);
    if (reason !== undefined) await save([]);
    else for (const id of stack) await linkPackages(rootOf(id), checkout);
    progress(
      reason === undefined
        ? `Source: ${describeSource(record)}; pandect push --undo takes it back`
        : `Source: the platform's own, as ${reason}; ${describeSource(record)} is set aside`,
    );
  }
  return {
    folder,
    checkout,
    get root() {
      return rootOf(stack.at(-1));
    },
    record: async () => (stack.length > 0 ? readSourceRecord(rootOf(stack.at(-1))) : undefined),
    use: (id) => save([...stack.filter((each) => each !== id), id].slice(-KEPT)),
    before: () => (stack.length > 0 ? rootOf(stack.at(-2)) : undefined),
    back: () => save(stack.slice(0, -1)),
    list: () => stack,
    restore: (list) => save([...list]),
    async prune() {
      const kept = new Set(['current.json', ...stack]);
      const names = (await readdir(folder)).filter((name) => !kept.has(name));
      for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}

/** `pushed 2026-11-30 12:00 UTC by anna, revision 1a2b3c4d5e`. */
export const describeSource = ({ at, by, revision }: SourceRecord): string =>
  [
    `pushed ${at.slice(0, 16).replace('T', ' ')} UTC${by === undefined ? '' : ` by ${by}`}`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
  ].join(', ');

async function reasonAgainst(root: string, record: SourceRecord, checkout: string): Promise<string | undefined> {
  const [pushed, own, image] = await Promise.all([
    readFoundation(root),
    readFoundation(checkout),
    readSourceRecord(checkout),
  ]);
  return reasonForCheckout(
    { ...pushed, at: new Date(record.at), revision: record.revision },
    {
      ...own,
      at: image ? new Date(image.at) : await lastChange(checkout),
      revision: await sourceRevision(checkout),
    },
  );
}

async function readStack(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  try {
    return stackSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new Error(`Read "${path}": not readable; remove it to start what the platform came with`, { cause });
  }
}
