import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DataStore, type Locker, Server, Upload } from '@tus/server';
import { uploadConflict } from '../../../modules/legal/problems.ts';
import { type HostLock, takeHostLock, uploadLifetimeMs } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { UploadDesk } from './upload-desk.ts';
import { toUploadProblem } from './upload-problem.ts';

/** Longest wait for another request that is at the same upload, which is asked to end. */
const LOCK_MS = 15_000;
/** What a request that is asked to end may still take in, in milliseconds. */
const DRAIN_MS = 100;

/**
 * The protocol, by the library, over one person's uploads. It costs next to nothing to make, and so nothing of one request
 * can reach another's uploads. The library is loaded when the first upload comes, see `answer-tus.ts`.
 */
export const createTusServer = (desk: UploadDesk): Server =>
  new Server({
    path: '/api/uploads',
    relativeLocation: true,
    datastore: new UploadStore(desk),
    locker,
    lockDrainTimeout: DRAIN_MS,
    namingFunction: () => randomUUID(),
    async onUploadFinish(_, { id }) {
      await desk.finish(id);
      return {};
    },
    onResponseError(_, error) {
      throw toUploadProblem(error);
    },
  });

/** One request at a time writes to an upload, over all processes of this machine; a new one ends the one before it. */
const locker: Locker = {
  newLock(id) {
    let held: HostLock | undefined;
    return {
      async lock(signal, cancel) {
        try {
          const both = AbortSignal.any([signal, AbortSignal.timeout(LOCK_MS)]);
          held = await takeHostLock(`upload/${id}`, () => void cancel(), both);
        } catch (cause) {
          throw new Problem(uploadConflict, { cause });
        }
      },
      async unlock() {
        await held?.release();
      },
    };
  },
};

class UploadStore extends DataStore {
  readonly #desk: UploadDesk;

  constructor(desk: UploadDesk) {
    super();
    this.#desk = desk;
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const { id, size = 0, metadata = {} } = upload;
    await this.#desk.begin({ id, bytes: size, metadata });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { bytes, offset, metadata, createdAt } = await this.#desk.find(id);
    return new Upload({ id, size: bytes, offset, metadata, creation_date: createdAt.toISOString() });
  }

  override write(piece: Readable, id: string, offset: number): Promise<number> {
    return this.#desk.append(id, offset, piece);
  }

  override remove(id: string): Promise<void> {
    return this.#desk.remove(id);
  }

  override getExpiration(): number {
    return uploadLifetimeMs;
  }
}
