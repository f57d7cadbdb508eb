import type { PartialUpload } from '../../../platform/capabilities/storage/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { beginUpload } from './begin-upload.ts';
import { finishUpload, outcomeOf, type ResumableDeps, requireUpload, type UploadOutcome } from './finish-upload.ts';

/** What the protocol does, for one caller and with that caller's uploads only. */
export interface UploadDesk {
  begin(upload: Pick<PartialUpload, 'id' | 'bytes' | 'metadata'>): Promise<void>;
  /** @throws Problem not-found */
  find(id: string): Promise<PartialUpload>;
  append(id: string, offset: number, piece: AsyncIterable<Uint8Array>): Promise<number>;
  finish(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** @param onFinish hears the result of the upload that is asked for or finished */
export function createUploadDesk(
  deps: ResumableDeps,
  caller: Caller,
  onFinish: (outcome: UploadOutcome) => void,
): UploadDesk {
  const { partialUploads } = deps;
  const find = async (id: string) => {
    const upload = await requireUpload(deps, caller, id);
    const outcome = outcomeOf(upload);
    if (outcome) onFinish(outcome);
    return upload;
  };
  return {
    find,
    begin: (upload) => beginUpload(deps, caller, upload),
    async append(id, offset, piece) {
      const { outcome } = await find(id);
      if (outcome === null) return partialUploads.append(caller, id, offset, piece);
      // All of it was here already, so that nothing can follow.
      for await (const _ of piece);
      return offset;
    },
    async finish(id) {
      onFinish(await finishUpload(deps, caller, id));
    },
    remove: (id) => partialUploads.remove(caller, id),
  };
}
