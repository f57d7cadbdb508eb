import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';

/** Whose an upload is; to everybody else it is not there. */
export interface UploadOwner {
  organizationId: string;
  userId: string;
}

export interface PartialUpload {
  id: string;
  /** Size of the whole file, as it was announced. */
  bytes: number;
  /** How many of them are here; the next piece begins there. */
  offset: number;
  /** What the client said of the file, as it said it. */
  metadata: Record<string, string | null>;
  createdAt: Date;
  /** Result of the finished upload, plain JSON; `null` while it is not finished. */
  outcome: unknown;
}

/**
 * Files that arrive in pieces over several requests, until they are whole: another process, or the next release of the function,
 * continues where the last piece ended. Ids are UUIDs of the platform's making.
 */
export interface PartialUploads {
  /** @param upload `createdAt` of one that began elsewhere; default: now */
  create(
    owner: UploadOwner,
    upload: Pick<PartialUpload, 'id' | 'bytes' | 'metadata'> & Partial<Pick<PartialUpload, 'createdAt'>>,
  ): Promise<PartialUpload>;
  /** `undefined` for what is missing, another’s, or older than `uploadLifetimeMs`. */
  find(owner: UploadOwner, id: string): Promise<PartialUpload | undefined>;
  /** The unfinished ones of an organization: how many, and the size they will have together. */
  held(organizationId: string): Promise<{ uploads: number; bytes: number }>;
  /**
   * Adds a piece. What arrived of one that broke off is kept.
   * @returns the offset behind it
   * @throws UploadGone when the upload was removed in the meantime, TooManyPieces
   */
  append(owner: UploadOwner, id: string, offset: number, piece: AsyncIterable<Uint8Array>): Promise<number>;
  /** The content of one that has arrived completely. @throws when it is no longer there */
  read(owner: UploadOwner, id: string): Promise<Readable>;
  /** Keeps its result and lets go of the content. */
  finish(owner: UploadOwner, id: string, outcome: object): Promise<void>;
  /** Removing what is not there is fine. */
  remove(owner: UploadOwner, id: string): Promise<void>;
  removeOrganization(organizationId: string): Promise<void>;
  /** Removes what can no longer be continued, and results of finished uploads some time ago. @returns how many */
  sweep(now: Date): Promise<number>;
}

export class UploadGone extends Error {
  override readonly name = 'UploadGone';
  constructor(id: string) {
    super(`Continue upload "${id}": it was removed`);
  }
}

/** Each piece is an object that every later request has to list. */
export class TooManyPieces extends Error {
  override readonly name = 'TooManyPieces';
  readonly limit: number;
  constructor(id: string, limit: number) {
    super(`Continue upload "${id}": more than ${limit} pieces`);
    this.limit = limit;
  }
}

/** Milliseconds after its beginning for which an upload can be continued. */
export const uploadLifetimeMs = 24 * 3_600_000;

/** Long enough to ask for the answer to the last piece, should it have been lost. */
export const FINISHED_MS = 3_600_000;

/** Next to the finished files; their keys never begin like this. */
const FOLDER = 'partial';
const ABOUT = 'upload.json';
const CONTENT = 'content';
const places = ['open', 'done'] as const;
export const uploadId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const uploadAbout = z.object({
  userId: z.uuid(),
  bytes: z.int().min(0),
  metadata: z.record(z.string(), z.string().nullable()),
  createdAt: z.coerce.date(),
  outcome: z.unknown(),
});
type About = z.output<typeof uploadAbout>;

/**
 * On this machine's disk: `<directory>/partial/<organization>/open/<upload>/`, and in `done/` next to it results of finished uploads: only the few that
 * are open are counted.
 */
export function createPartialUploads({ directory }: { directory: string }): PartialUploads {
  const root = join(directory, FOLDER);
  const organizationFolder = (organizationId: string) => join(root, requireUploadId(organizationId));
  const folderOf = ({ organizationId }: UploadOwner, id: string, place: (typeof places)[number] = 'open') =>
    join(organizationFolder(organizationId), place, requireUploadId(id));

  return {
    async find(owner, id) {
      if (!uploadId.test(id)) return undefined;
      const open = folderOf(owner, id);
      const content = await ifThere(stat(join(open, CONTENT)));
      // Finishing moves the folder, so what is no longer open is done, or gone.
      const known = (await readAbout(open)) ?? (await readAbout(folderOf(owner, id, 'done')));
      if (known?.userId !== owner.userId || known.createdAt.getTime() + uploadLifetimeMs <= Date.now())
        return undefined;
      const { userId: _, ...rest } = known;
      return { id, ...rest, offset: rest.outcome === null ? (content?.size ?? 0) : rest.bytes };
    },

    async create(owner, { id, bytes, metadata, createdAt = new Date() }) {
      const folder = folderOf(owner, id);
      const begun = { userId: owner.userId, bytes, metadata, createdAt, outcome: null };
      await mkdir(folder, { recursive: true, mode: 0o770 });
      await writeFile(join(folder, CONTENT), '', { flag: 'wx', mode: 0o660 });
      await writeAbout(folder, begun);
      return { id, bytes, metadata, createdAt, offset: 0, outcome: null };
    },

    async held(organizationId) {
      const folder = join(organizationFolder(organizationId), 'open');
      const all = await Promise.all((await namesIn(folder)).map((name) => readAbout(join(folder, name))));
      const open = all.filter((one) => one !== undefined);
      return { uploads: open.length, bytes: open.reduce((sum, { bytes }) => sum + bytes, 0) };
    },

    async append(owner, id, offset, piece) {
      const file = await ifThere(open(join(folderOf(owner, id), CONTENT), 'r+'));
      if (!file) throw new UploadGone(id);
      let end = offset;
      try {
        // Each part is on its way to the disk before the next one is taken: memory stays flat, and what came is kept.
        for await (const part of piece) {
          await file.write(part, 0, part.byteLength, end);
          end += part.byteLength;
        }
        await file.datasync();
      } finally {
        await file.close();
      }
      return end;
    },

    async read(owner, id) {
      return (await open(join(folderOf(owner, id), CONTENT), 'r')).createReadStream();
    },

    async finish(owner, id, outcome) {
      const folder = folderOf(owner, id);
      const known = await readAbout(folder);
      if (!known) return; // removed in the meantime
      await writeAbout(folder, { ...known, outcome });
      await mkdir(join(organizationFolder(owner.organizationId), 'done'), { recursive: true, mode: 0o770 });
      await rename(folder, folderOf(owner, id, 'done'));
      await rm(join(folderOf(owner, id, 'done'), CONTENT), { force: true });
    },

    async remove(owner, id) {
      for (const place of places) await removeFolder(folderOf(owner, id, place));
    },

    removeOrganization: (organizationId) => removeFolder(organizationFolder(organizationId)),

    async sweep(now) {
      let removed = 0;
      for (const organization of await namesIn(root)) {
        for (const place of places) {
          for (const name of await namesIn(join(root, organization, place))) {
            const folder = join(root, organization, place, name);
            const age = now.getTime() - ((await beganAt(folder, place)) ?? now).getTime();
            if (age <= (place === 'open' ? uploadLifetimeMs : FINISHED_MS)) continue;
            await removeFolder(folder);
            removed++;
          }
        }
      }
      return removed;
    },
  };
}

/** One on this machine's disk, wherever it stands. */
export interface LocalUpload {
  owner: UploadOwner;
  upload: PartialUpload;
  /** Of its bytes; undefined once it is finished. */
  content: string | undefined;
}

/** All of them; one that cannot be read is left out. */
export async function* localUploads(directory: string): AsyncGenerator<LocalUpload> {
  const root = join(directory, FOLDER);
  for (const organizationId of await namesIn(root)) {
    for (const place of places) {
      for (const id of await namesIn(join(root, organizationId, place))) {
        const folder = join(root, organizationId, place, id);
        const known = await readAbout(folder).catch(() => undefined);
        if (!known) continue;
        const { userId, ...about } = known;
        const content = place === 'open' ? join(folder, CONTENT) : undefined;
        const offset = content === undefined ? about.bytes : ((await ifThere(stat(content)))?.size ?? 0);
        yield { owner: { organizationId, userId }, upload: { id, ...about, offset }, content };
      }
    }
  }
}

/** When an open upload was begun or a finished one finished; of one whose process was killed before it wrote that, when its folder was made. */
async function beganAt(folder: string, place: (typeof places)[number]): Promise<Date | undefined> {
  const begun = place === 'open' ? (await readAbout(folder))?.createdAt : undefined;
  return begun ?? (await ifThere(stat(folder)))?.mtime;
}

export function requireUploadId(id: string): string {
  if (!uploadId.test(id)) throw new Error(`Use upload ${JSON.stringify(id.slice(0, 60))}: not an id of ours`);
  return id;
}

async function readAbout(folder: string): Promise<About | undefined> {
  const text = await ifThere(readFile(join(folder, ABOUT), 'utf8'));
  return text === undefined ? undefined : uploadAbout.parse(JSON.parse(text));
}

/** Whole or not at all, for a process may end at any moment. */
async function writeAbout(folder: string, content: About): Promise<void> {
  const draft = join(folder, `${ABOUT}.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(content), { mode: 0o660, flush: true });
  await rename(draft, join(folder, ABOUT));
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

async function namesIn(folder: string): Promise<string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
