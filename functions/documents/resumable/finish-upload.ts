import { z } from 'zod';
import { type AcceptDeps, acceptDocument } from '../../../modules/legal/documents/accept.ts';
import { storeFile } from '../../../modules/legal/documents/files/receive.ts';
import { emptyFile, fileTooLarge, unsupportedDocument } from '../../../modules/legal/problems.ts';
import {
  type FileStorage,
  type PartialUpload,
  type PartialUploads,
  takeHostLock,
} from '../../../platform/capabilities/storage/index.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { invalid } from './upload-problem.ts';

export type ResumableDeps = AcceptDeps & { partialUploads: PartialUploads; storage: FileStorage };

const outcomeSchema = z.object({ id: z.uuid(), duplicate: z.boolean() });
/** The document that a finished upload became. */
export type UploadOutcome = z.output<typeof outcomeSchema>;

/** Longest that another process may take to finish the same upload. */
const WAIT_MS = 60_000;
/** What is the content's fault stays so: nothing is left to be continued. */
const final = [emptyFile, unsupportedDocument, fileTooLarge];

/** @throws Problem not-found */
export async function requireUpload(
  { partialUploads }: Pick<ResumableDeps, 'partialUploads'>,
  caller: Caller,
  id: string,
): Promise<PartialUpload> {
  const upload = await partialUploads.find(caller, id);
  if (!upload) throw new Problem(notFound);
  return upload;
}

/** Result of a finished upload; `undefined` while it is not finished. */
export const outcomeOf = ({ outcome }: PartialUpload): UploadOutcome | undefined =>
  outcome === null ? undefined : outcomeSchema.parse(outcome);

/**
 * Makes a document of an upload that has arrived completely, as an uploaded form does. May be called again, after a crash at any
 * point too: the content is recognized, and the first result is kept.
 * @throws Problem what `acceptDocument` and `storeFile` throw; not-found when it was removed in the meantime
 */
export async function finishUpload(deps: ResumableDeps, caller: Caller, id: string): Promise<UploadOutcome> {
  const { partialUploads, storage } = deps;
  const lock = await takeHostLock(`finish/${id}`, () => {}, AbortSignal.timeout(WAIT_MS));
  try {
    const upload = await requireUpload(deps, caller, id);
    const earlier = outcomeOf(upload);
    if (earlier) return earlier;
    const { name, mediaType, replaces } = describedBy(upload.metadata);
    const content = await partialUploads.read(caller, id);
    await using file = await storeFile(content, { name, mediaType }, storage, upload.bytes);
    const accepted = await acceptDocument(deps, caller, file, { replaces });
    const outcome = { id: accepted.id, duplicate: accepted.duplicate };
    await partialUploads.finish(caller, id, outcome);
    return outcome;
  } catch (error) {
    // Another host may have finished it in the meantime, and removed what was being read here.
    const finished = await partialUploads.find(caller, id);
    const earlier = finished && outcomeOf(finished);
    if (earlier) return earlier;
    if (isProblem(error, ...final)) await partialUploads.remove(caller, id);
    throw error;
  } finally {
    await lock.release();
  }
}

/** What the client said of the file; `name` and `type` are what some clients call it. @throws Problem invalid-request */
export function describedBy(metadata: PartialUpload['metadata']) {
  const replaces = z.uuid().safeParse(metadata.replaces ?? undefined);
  if (metadata.replaces != null && !replaces.success) {
    throw invalid('upload-metadata', 'replaces must be the id of a document');
  }
  return {
    name: metadata.filename ?? metadata.name ?? undefined,
    mediaType: metadata.filetype ?? metadata.type ?? undefined,
    replaces: replaces.data?.toLowerCase(),
  };
}
