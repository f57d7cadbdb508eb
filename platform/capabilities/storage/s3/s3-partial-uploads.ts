import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  FINISHED_MS,
  type PartialUploads,
  requireUploadId,
  TooManyPieces,
  UploadGone,
  type UploadOwner,
  uploadAbout,
  uploadId,
  uploadLifetimeMs,
} from '../partial-uploads.ts';
import { partSuffix } from '../write-part.ts';
import { chainPieces, coveredBytes } from './chain-pieces.ts';
import { createS3Client, type S3Client } from './s3-client.ts';
import { listObjects, readFrom, readText, removeObject, type S3Object } from './s3-objects.ts';
import { type S3StorageOptions, SPOOL } from './s3-storage.ts';

/** Of one upload: 100 MB in pieces of 64 KiB, and some hundred that broke off. */
const MOST_PIECES = 2_000;

const FOLDER = 'partial';
const DONE = 'done';
const about = uploadAbout.omit({ outcome: true });
const doneSchema = z.object({ outcome: z.unknown() });

/** Bytes of the upload that an object holds. */
interface Piece extends S3Object {
  start: number;
  end: number;
}

/** What there is of one upload. */
interface Found {
  /** Size that the whole file will have; undefined once it is being removed. */
  bytes: number | undefined;
  aboutAt: Date | undefined;
  doneAt: Date | undefined;
  pieces: Piece[];
  objects: S3Object[];
}

/**
 * Files that arrive in pieces, for several hosts: whichever one a request reaches continues where the last piece ended.
 *
 * `partial/<organization>/<upload>/` holds `about-<bytes of the whole>`, each piece as `<start>-<end>`, and `done` when it is finished.
 * A piece is one object that is never written again. Two requests may send the same bytes at once, through two hosts: each adds what it
 * got, and the content is what the pieces cover together without a gap. So no lock between hosts is needed, and nothing is half stored.
 */
export function createS3PartialUploads(options: S3StorageOptions & { mostPieces?: number }): PartialUploads {
  const { mostPieces = MOST_PIECES } = options;
  const client = createS3Client(options);
  const spool = join(options.directory, SPOOL);
  const folderOf = ({ organizationId }: Pick<UploadOwner, 'organizationId'>, id?: string) =>
    [FOLDER, requireUploadId(organizationId), ...(id === undefined ? [] : [requireUploadId(id)]), ''].join('/');
  const putText = async (key: string, content: string) => {
    const path = await newPart(spool);
    try {
      await writeFile(path, content, { mode: 0o660 });
      await put(client, key, {
        path,
        bytes: Buffer.byteLength(content),
        sha256: digest().update(content).digest('hex'),
      });
    } finally {
      await rm(path, { force: true });
    }
  };

  return {
    async find(owner, id) {
      if (!uploadId.test(id)) return undefined;
      const folder = folderOf(owner, id);
      const found = (await uploadsBelow(client, folder)).get(id);
      if (found?.bytes === undefined) return undefined;
      const known = await readText(client, aboutKey(folder, found.bytes));
      if (known === undefined) return undefined;
      const { userId, ...rest } = about.parse(JSON.parse(known));
      if (userId !== owner.userId || rest.createdAt.getTime() + uploadLifetimeMs <= Date.now()) return undefined;
      const done = found.doneAt && (await readText(client, `${folder}${DONE}`));
      if (done === undefined) return { id, ...rest, outcome: null, offset: coveredBytes(found.pieces) };
      return { id, ...rest, outcome: doneSchema.parse(JSON.parse(done)).outcome, offset: rest.bytes };
    },

    async create(owner, { id, bytes, metadata, createdAt = new Date() }) {
      const content = JSON.stringify({ userId: owner.userId, bytes, metadata, createdAt });
      await putText(aboutKey(folderOf(owner, id), bytes), content);
      return { id, bytes, metadata, createdAt, offset: 0, outcome: null };
    },

    async held(organizationId) {
      const all = [...(await uploadsBelow(client, folderOf({ organizationId }))).values()];
      const unfinished = all.filter(({ bytes, doneAt }) => bytes !== undefined && doneAt === undefined);
      return { uploads: unfinished.length, bytes: unfinished.reduce((sum, { bytes = 0 }) => sum + bytes, 0) };
    },

    append: (owner, id, offset, piece) =>
      addPiece(client, spool, { upload: { folder: folderOf(owner, id), id, mostPieces }, offset, piece }),

    async read(owner, id) {
      const { bytes, pieces = [] } = (await uploadsBelow(client, folderOf(owner, id))).get(id) ?? {};
      // Another host may be removing the pieces of one that it has finished.
      if (bytes === undefined || coveredBytes(pieces) < bytes) {
        throw new Error(`Read upload "${id}": a piece is missing`);
      }
      return Readable.from(contentOf(client, pieces), { objectMode: false });
    },

    async finish(owner, id, outcome) {
      const folder = folderOf(owner, id);
      const found = (await uploadsBelow(client, folder)).get(id);
      if (found?.bytes === undefined) return; // removed in the meantime
      // Another host may have finished the same upload at this moment: the first result is kept.
      if (found.doneAt === undefined) await putText(`${folder}${DONE}`, JSON.stringify({ outcome }));
      for (const { key } of found.pieces) await removeObject(client, key);
    },

    remove: (owner, id) => removeBelow(client, folderOf(owner, id)),
    removeOrganization: (organizationId) => removeBelow(client, folderOf({ organizationId })),

    async sweep(now) {
      let removed = 0;
      for (const { aboutAt, doneAt, objects } of (await uploadsBelow(client, `${FOLDER}/`)).values()) {
        const begun = doneAt ?? aboutAt ?? objects[0]?.changedAt ?? now;
        if (now.getTime() - begun.getTime() <= (doneAt ? FINISHED_MS : uploadLifetimeMs)) continue;
        for (const { key } of aboutFirst(objects)) await removeObject(client, key);
        removed++;
      }
      return removed;
    },
  };
}

const digest = () => createHash('sha256');
const aboutKey = (folder: string, bytes: number) => `${folder}about-${bytes}`;

async function put(client: S3Client, key: string, body: { path: string; bytes: number; sha256: string }) {
  const response = await client.call('Write piece to S3', { method: 'PUT', key, body });
  await response.arrayBuffer();
}

async function newPart(spool: string): Promise<string> {
  await mkdir(spool, { recursive: true });
  return join(spool, `${randomUUID()}${partSuffix}`);
}

interface UploadPlace {
  folder: string;
  id: string;
  mostPieces: number;
}

/** Stores a piece as far as it comes. @returns the offset behind it */
async function addPiece(
  client: S3Client,
  spool: string,
  { upload, offset, piece }: { upload: UploadPlace; offset: number; piece: AsyncIterable<Uint8Array> },
): Promise<number> {
  const path = await newPart(spool);
  let failure: { error: unknown } | undefined;
  try {
    const stored = await spoolPiece(path, piece, (error) => {
      failure = { error };
    });
    const end = offset + stored.bytes;
    if (stored.bytes > 0) {
      const key = `${upload.folder}${offset}-${end}`;
      await put(client, key, { path, ...stored });
      await requireWanted(client, upload, key);
    }
    if (failure) throw failure.error;
    return end;
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Takes a piece back that will not be read: another host may have removed or finished the upload while the piece came. Pieces of uploads that
 * are gone would fill the bucket, and no plan would count them.
 * @throws UploadGone, TooManyPieces
 */
async function requireWanted(client: S3Client, { folder, id, mostPieces }: UploadPlace, key: string): Promise<void> {
  const found = (await uploadsBelow(client, folder)).get(id);
  const isGone = found?.bytes === undefined;
  const isDone = found?.doneAt !== undefined;
  if (!isGone && !isDone && found.pieces.length <= mostPieces) return;
  await removeObject(client, key);
  if (isGone) throw new UploadGone(id);
  if (!isDone) throw new TooManyPieces(id, mostPieces);
}

/** Writes a piece to the disk as far as it comes. @param onFailure is told why it broke off */
async function spoolPiece(path: string, piece: AsyncIterable<Uint8Array>, onFailure: (error: unknown) => void) {
  const hash = digest();
  let bytes = 0;
  const file = await open(path, 'wx', 0o660);
  try {
    for await (const part of piece) {
      await file.writeFile(part);
      hash.update(part);
      bytes += part.byteLength;
    }
  } catch (error) {
    onFailure(error);
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Uploads by their ids. */
async function uploadsBelow(client: S3Client, prefix: string): Promise<Map<string, Found>> {
  const uploads = new Map<string, Found>();
  for await (const object of listObjects(client, prefix)) {
    const [, , id = '', name = ''] = object.key.split('/');
    const found = uploads.get(id) ?? {
      bytes: undefined,
      aboutAt: undefined,
      doneAt: undefined,
      pieces: [],
      objects: [],
    };
    uploads.set(id, found);
    found.objects.push(object);
    const [start, end] = name.split('-').map(Number);
    if (name === DONE) found.doneAt = object.changedAt;
    else if (name.startsWith('about-')) Object.assign(found, { bytes: end, aboutAt: object.changedAt });
    else if (start !== undefined && end !== undefined) found.pieces.push({ ...object, start, end });
  }
  return uploads;
}

async function* contentOf(client: S3Client, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const { piece, from } of chainPieces(pieces)) yield* await readFrom(client, piece.key, from);
}

/** Without it an upload is not there: what is left of one that was half removed is swept later. */
const aboutFirst = (objects: readonly S3Object[]) =>
  objects.toSorted((a, b) => Number(b.key.includes('/about-')) - Number(a.key.includes('/about-')));

async function removeBelow(client: S3Client, prefix: string): Promise<void> {
  for (const { key } of aboutFirst(await Array.fromAsync(listObjects(client, prefix)))) await removeObject(client, key);
}
