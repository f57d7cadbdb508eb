import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { flushFolder } from '../../kernel/replace-file.ts';
import { flushTree } from './flush-tree.ts';
import {
  isSecretName,
  PUSH_LIMITS,
  type PushRequest,
  pushRequest,
  REQUEST_FILE,
  SOURCE_ENTRIES,
} from './push-request.ts';
import { readFoundation, readSourceRecord, type SourceRecord, writeSourceRecord } from './source-record.ts';
import { readTar, type TarFile } from './tar.ts';

export interface Received {
  request: PushRequest;
  /** Digest of all files. */
  id: string;
  folder: string;
  files: number;
  bytes: number;
  /** Paths of the files that differ from those of the source before. */
  changed: string[];
}

interface Places {
  /** Where sources are kept. */
  sources: string;
  /** What units are built from now; files with the same content keep their times. */
  current: string;
  /** Where the packages are. */
  checkout: string;
}

/**
 * Unpacks a push into a folder of its own, all of which is on the disk before it gets its name. Nothing of it is run.
 * @throws when it is damaged or too large, holds something that has no place in a source, or needs a new image; nothing stays
 */
export async function receiveSource(archive: AsyncIterator<Uint8Array>, places: Places): Promise<Received> {
  const draft = join(places.sources, `.draft-${process.pid}-${crypto.randomUUID()}`);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    return await unpack(archive, places, draft);
  } catch (cause) {
    throw new Error(`Receive source: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function unpack(archive: AsyncIterator<Uint8Array>, places: Places, draft: string): Promise<Received> {
  const unzipped = pipeline(Readable.from(bounded(archive)), createGunzip(), () => {});
  try {
    return await unpackFiles(readTar(unzipped, PUSH_LIMITS), places, draft);
  } finally {
    unzipped.destroy();
  }
}

async function unpackFiles(entries: AsyncGenerator<TarFile>, places: Places, draft: string): Promise<Received> {
  const { value: first } = await entries.next();
  const request = readRequest(first);
  const marks: string[] = [];
  const changed: string[] = [];
  const writing: Promise<void>[] = [];
  let bytes = 0;
  try {
    for await (const file of entries) {
      assertAllowed(file);
      await writing.at(-AT_ONCE);
      const written = write(file, draft, places.current).then((differs) => {
        if (differs) changed.push(file.path);
      });
      // It is awaited later.
      written.catch(() => {});
      writing.push(written);
      bytes += file.contents.length;
      marks.push(`${file.path}\0${createHash('sha256').update(file.contents).digest('hex')}`);
    }
    await Promise.all(writing);
  } finally {
    // The folder is removed after a mistake: nothing may be written into it any more.
    await Promise.allSettled(writing);
  }
  await assertSupported(draft, places.checkout);
  const id = createHash('sha256').update(marks.toSorted().join('\n')).digest('hex').slice(0, 12);
  const folder = await name(draft, id, request, places);
  return { request, id, folder, files: marks.length, bytes, changed: changed.toSorted() };
}

/** Gives a source its record and its name. @returns its folder, which is another one where the same source was pushed before */
async function name(draft: string, id: string, request: PushRequest, places: Places): Promise<string> {
  const folder = join(places.sources, id);
  const { revision, by, units } = request;
  const replaced = dirname(places.current) === places.sources ? basename(places.current) : undefined;
  const record: SourceRecord = { from: 'push', at: new Date().toISOString(), ...defined({ revision, by }), units };
  // One whose record is damaged may have damaged files as well.
  const before = await readSourceRecord(folder).catch(() => undefined);
  if (before) {
    const after = replaced === id ? before.after : replaced;
    await writeSourceRecord(folder, { ...record, units: together(before.units, units), ...defined({ after }) });
    return folder;
  }
  await writeSourceRecord(draft, { ...record, ...defined({ after: replaced }) });
  await linkPackages(draft, places.checkout);
  await flushTree(draft);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  await flushFolder(places.sources);
  return folder;
}

/** What an undo returns: of a source that was pushed in parts, all of them. None stands for all units. */
const together = (before: readonly string[] | undefined, units: readonly string[]): string[] =>
  before?.length === 0 || units.length === 0 ? [] : [...new Set([...(before ?? []), ...units])];

/** Files that are written at the same time. */
const AT_ONCE = 32;

/** Where Node and the bundler look for packages: those of the image. */
export async function linkPackages(folder: string, checkout: string): Promise<void> {
  const link = join(folder, 'node_modules');
  await rm(link, { force: true });
  await symlink(join(checkout, 'node_modules'), link);
}

/** Does not end its source, of which the caller may want to read the rest. */
async function* bounded(archive: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for (let part = await archive.next(); !part.done; part = await archive.next()) {
    bytes += part.value.length;
    if (bytes > PUSH_LIMITS.archiveBytes) throw new Error(`larger than ${PUSH_LIMITS.archiveBytes} bytes`);
    yield part.value;
  }
}

function readRequest(first: TarFile | undefined): PushRequest {
  if (first?.path !== REQUEST_FILE) throw new Error(`it does not begin with "${REQUEST_FILE}"; is it of pandect push?`);
  let content: unknown;
  try {
    content = JSON.parse(first.contents.toString('utf8'));
  } catch (cause) {
    throw new Error(`"${REQUEST_FILE}": it is no JSON`, { cause });
  }
  const { data, error } = pushRequest.safeParse(content);
  if (data) return data;
  const mistakes = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`"${REQUEST_FILE}": ${mistakes.join('; ')}; is it of another version?`);
}

/** @throws for a path that leaves the folder or has no place in a source */
function assertAllowed({ path }: TarFile): void {
  const parts = path.split('/');
  const isPlain = parts.every((part) => /^[\w.@()+ -]+$/.test(part) && part !== '.' && part !== '..');
  if (!isPlain) throw new Error(`"${path}": this path is not allowed`);
  if (!SOURCE_ENTRIES.some((entry) => entry === parts[0]) || parts.includes('node_modules') || parts.includes('.git')) {
    throw new Error(`"${path}": no part of a source`);
  }
  if (isSecretName(path)) throw new Error(`"${path}": it may hold a secret`);
}

/** @returns whether its content differs from that of the source before */
async function write({ path, contents }: TarFile, draft: string, current: string): Promise<boolean> {
  const target = join(draft, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, contents, { flag: 'wx', mode: 0o600 });
  const before = join(current, path);
  const known = await readFile(before).catch(() => undefined);
  if (!known?.equals(contents)) return true;
  const { mtime } = await stat(before);
  await utimes(target, mtime, mtime);
  return false;
}

/** @throws when the source needs packages or tables that are not here */
async function assertSupported(draft: string, checkout: string): Promise<void> {
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'functions', 'platform/runtime']) {
    if (!existsSync(join(draft, name))) throw new Error(`"${name}" is missing`);
  }
  const [fresh, here] = await Promise.all([readFoundation(draft), readFoundation(checkout)]);
  if (fresh.packages !== here.packages) {
    throw new Error(
      'package-lock.json differs from that of this platform, which has no other packages: it needs a new image',
    );
  }
  if (fresh.migrations !== here.migrations) {
    throw new Error(
      'db/migrations differs from that of this platform, which applies them at its start: it needs a new image',
    );
  }
}

const defined = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
