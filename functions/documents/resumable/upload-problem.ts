import { toDiskProblem } from '../../../modules/legal/documents/files/disk-full.ts';
import { tooManyPieces, unsupportedTusVersion, uploadConflict } from '../../../modules/legal/problems.ts';
import { TooManyPieces, UploadGone } from '../../../platform/capabilities/storage/index.ts';
import { Problem, type ProblemDefinition } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound } from '../../../platform/kernel/problems.ts';

/** What the library refuses with, as it throws or answers it. */
interface Refusal {
  status_code: number;
  body: string;
}

const byStatus: Record<number, ProblemDefinition> = {
  404: notFound,
  409: uploadConflict,
  410: notFound,
  412: unsupportedTusVersion,
};

/** A refusal of the library's as one of ours; anything else is given back as it is. */
export function toUploadProblem(error: unknown): unknown {
  if (error instanceof UploadGone) return new Problem(notFound, { cause: error });
  if (error instanceof TooManyPieces)
    return new Problem(tooManyPieces, { parameters: { limit: error.limit }, cause: error });
  if (!isRefusal(error)) return toDiskProblem(error);
  const known = byStatus[error.status_code];
  if (known) return new Problem(known);
  if (error.status_code === 413) return invalid('upload-length', 'the upload has more bytes than were announced');
  // Another request for the same upload has taken over.
  if (error.body.startsWith('Request aborted')) return new Problem(uploadConflict);
  if (error.status_code >= 500 && error.status_code !== 501) return error;
  return invalid('', error.body.trim());
}

export const invalid = (header: string, message: string): Problem =>
  new Problem(invalidRequest, { errors: [{ path: ['header', header].filter(Boolean).join('.'), message }] });

const isRefusal = (error: unknown): error is Refusal =>
  typeof error === 'object' && error !== null && 'status_code' in error && 'body' in error;
