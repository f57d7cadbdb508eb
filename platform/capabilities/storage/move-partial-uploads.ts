import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { takeHostLock } from './host-lock.ts';
import {
  createPartialUploads,
  type LocalUpload,
  localUploads,
  type PartialUploads,
  uploadLifetimeMs,
} from './partial-uploads.ts';

export interface Moved {
  /** That can be continued on any host now. */
  open: number;
  /** Results that clients may still ask for. */
  finished: number;
  /** That were too old to be continued. */
  expired: number;
}

interface Move {
  /** Of the local ones. */
  directory: string;
  to: PartialUploads;
}

/** Longest that a request which writes to an upload, and is asked to end, may take for it. */
const LOCK_MS = 15_000;

/**
 * Moves uploads that began on this machine's disk to where all hosts find them. Each leaves the disk when all of it is there; what was
 * interrupted is done again to the same effect. One process of the machine at a time does it.
 */
export async function movePartialUploads({ directory, to }: Move): Promise<Moved> {
  const moved: Moved = { open: 0, finished: 0, expired: 0 };
  const from = createPartialUploads({ directory });
  const lock = await takeHostLock('move-uploads', () => {}, AbortSignal.timeout(LOCK_MS));
  try {
    for await (const { owner, upload } of localUploads(directory)) {
      const ours = await takeHostLock(`upload/${upload.id}`, () => {}, AbortSignal.timeout(LOCK_MS));
      try {
        // What came while the lock was waited for counts.
        const found = await findLocal(directory, upload.id);
        if (!found) continue;
        moved[await moveOne(found, to)]++;
        await from.remove(owner, upload.id);
      } finally {
        await ours.release();
      }
    }
    return moved;
  } finally {
    await lock.release();
  }
}

async function findLocal(directory: string, id: string): Promise<LocalUpload | undefined> {
  for await (const found of localUploads(directory)) if (found.upload.id === id) return found;
  return undefined;
}

async function moveOne({ owner, upload, content }: LocalUpload, to: PartialUploads): Promise<keyof Moved> {
  const { id, bytes, metadata, createdAt, offset, outcome } = upload;
  if (createdAt.getTime() + uploadLifetimeMs <= Date.now()) return 'expired';
  await to.create(owner, { id, bytes, metadata, createdAt });
  if (content === undefined) {
    await to.finish(owner, id, outcome as object);
    return 'finished';
  }
  if (offset > 0) await to.append(owner, id, 0, Readable.from(createReadStream(content)));
  return 'open';
}

/** Between two attempts to move them. */
const RETRY_MS = 60_000;

interface Hooks {
  onMoved(moved: Moved): void;
  onFailure(error: unknown): void;
}

/** The shared uploads, to which those of this machine are moved as soon as they are opened; a failure is tried again, and fails no request. */
export function createMovingUploads(move: Move, { onMoved, onFailure }: Hooks): PartialUploads {
  const { directory, to } = move;
  const from = createPartialUploads({ directory });
  let isDone = false;
  let dueAt = 0;
  let moving: Promise<void> = Promise.resolve();
  const settle = () => {
    if (isDone || performance.now() < dueAt) return moving;
    dueAt = performance.now() + RETRY_MS;
    moving = movePartialUploads(move).then((moved) => {
      isDone = true;
      onMoved(moved);
    }, onFailure);
    return moving;
  };
  void settle();
  return {
    ...to,
    find: async (owner, id) => settle().then(() => to.find(owner, id)),
    held: async (organizationId) => settle().then(() => to.held(organizationId)),
    async removeOrganization(organizationId) {
      await settle();
      await from.removeOrganization(organizationId);
      await to.removeOrganization(organizationId);
    },
    sweep: async (now) => settle().then(() => to.sweep(now)),
  };
}

/** Uploads on this machine's disk, where several hosts may have left theirs in the bucket, which are no longer continued. */
export function createUploadsOfOne(local: PartialUploads, left: PartialUploads): PartialUploads {
  return {
    ...local,
    async removeOrganization(organizationId) {
      await local.removeOrganization(organizationId);
      await left.removeOrganization(organizationId);
    },
    sweep: async (now) => (await local.sweep(now)) + (await left.sweep(now)),
  };
}
