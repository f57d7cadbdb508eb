import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import { reasonForCheckout } from './choose-source.ts';
import { describeSource } from './describe-source.ts';
import { linkPackages } from './receive-source.ts';
import { lastChange, readFoundation, readSourceRecord, recordByTime, type SourceRecord } from './source-record.ts';
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
  /** Folder of the source that was pushed last, while that is damaged and `root` another one. */
  readonly damaged: string | undefined;
  /** Of the source in use; undefined for the checkout. */
  record(): Promise<SourceRecord | undefined>;
  /** Makes one that was received the one in use. */
  use(id: string): Promise<void>;
  /** The root before the last push; undefined where there was none. @throws when it is not kept any more */
  before(): Promise<string | undefined>;
  /** Takes the last push back. */
  back(): Promise<void>;
  /** Ids of those that were pushed, the one in use last. */
  list(): readonly string[];
  /** What `list` gave before; an empty one takes all pushes back. */
  restore(list: readonly string[]): Promise<void>;
  /** Removes what is not in use and cannot be returned to. */
  prune(): Promise<void>;
}

/**
 * Decides what the platform is built from at its start. A source whose record is damaged keeps its place until another is pushed or it is
 * taken back: what was built from it is to be served, and nothing older built in its place.
 * @throws when it is written down and not readable
 */
export async function openSources(home: string, checkout: string, progress: (line: string) => void): Promise<Sources> {
  const folder = join(home, 'sources');
  const path = join(folder, 'current.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const rootOf = (id: string | undefined) => (id === undefined ? checkout : join(folder, id));
  const written = await readStack(path);
  const damaged = new Set<string>();
  for (const id of written) await readSourceRecord(rootOf(id)).catch(() => damaged.add(id));
  const there = written.filter((id, at) => isThere(rootOf(id)) && (!damaged.has(id) || at === written.length - 1));
  const sources = createSources({ folder, path, checkout, rootOf }, there, damaged);
  if (there.length < written.length) await sources.restore(there);
  const lost = sources.damaged;
  const [root, record] = [lost ?? sources.root, lost === undefined ? await sources.record() : await recordByTime(lost)];
  if (!record) return sources;
  const reason = await reasonAgainst(root, record, checkout);
  const what = lost === undefined ? describeSource(record) : `the one in "${lost}"`;
  if (reason !== undefined) {
    await sources.restore([]);
    progress(`Source: the platform's own, as ${reason}; ${what} is set aside`);
    return sources;
  }
  for (const id of sources.list()) await linkPackages(rootOf(id), checkout);
  progress(
    lost === undefined
      ? `Source: ${what}; pandect push --undo takes it back`
      : `Source: ${what} is damaged, and what was built from it is served; push it again, or pandect push --undo`,
  );
  return sources;
}

interface Places {
  folder: string;
  /** Where the ids are written down. */
  path: string;
  checkout: string;
  rootOf(id: string | undefined): string;
}

/** @param damaged ids of those whose records cannot be read; at most the last one is among `first` */
function createSources(
  { folder, path, checkout, rootOf }: Places,
  first: readonly string[],
  damaged: Set<string>,
): Sources {
  let stack = first;
  const isDamaged = (id: string | undefined) => id !== undefined && damaged.has(id);
  const save = async (next: readonly string[]) => {
    await replaceFile(path, `${JSON.stringify(next)}\n`, { flush: true });
    stack = next;
  };
  const inUse = () => stack.at(isDamaged(stack.at(-1)) ? -2 : -1);
  return {
    folder,
    checkout,
    get root() {
      return rootOf(inUse());
    },
    get damaged() {
      return isDamaged(stack.at(-1)) ? rootOf(stack.at(-1)) : undefined;
    },
    record: async () => (inUse() === undefined ? undefined : readSourceRecord(rootOf(inUse()))),
    async use(id) {
      damaged.delete(id);
      await save([...stack.filter((each) => each !== id && !isDamaged(each)), id].slice(-KEPT));
    },
    async before() {
      if (stack.length === 0) return undefined;
      if (stack.length === 1) await assertFirst(rootOf(stack[0]));
      return rootOf(stack.at(-2));
    },
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

const isThere = (root: string): boolean => existsSync(join(root, '.source.json'));

/** @throws when it replaced one that was pushed, which is gone */
async function assertFirst(root: string): Promise<void> {
  const record = await readSourceRecord(root).catch(() => undefined);
  if (record?.after === undefined) return;
  const message = `the source before the one ${describeSource(record)} is not kept any more (the last ${KEPT} are)`;
  throw new Error(`Undo push: ${message}; pandect push --undo-all returns to the platform's own`);
}

/** Of what a damaged source does not say, nothing speaks for the checkout. */
async function reasonAgainst(root: string, record: SourceRecord, checkout: string): Promise<string | undefined> {
  const [own, image] = await Promise.all([readFoundation(checkout), readSourceRecord(checkout)]);
  const pushed = await readFoundation(root).catch(() => own);
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
