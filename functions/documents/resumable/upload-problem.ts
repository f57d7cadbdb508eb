import { toDiskProblem } from '../../../modules/legal/documents/disk-full.ts';
import { Problem, type ProblemName } from '../../../platform/kernel/problem.ts';

/** What the library refuses with, as it throws or answers it. */
interface Refusal {
  status_code: number;
  body: string;
}

const names: Record<number, ProblemName> = {
  404: 'not-found',
  409: 'upload-conflict',
  410: 'not-found',
  412: 'unsupported-tus-version',
};

/** A refusal of the library's as one of ours; anything else is given back as it is. */
export function toUploadProblem(error: unknown): unknown {
  if (!isRefusal(error)) return toDiskProblem(error);
  const name = names[error.status_code];
  if (name) return new Problem(name);
  if (error.status_code === 413) return invalid('upload-length', 'the upload has more bytes than were announced');
  // Another request for the same upload has taken over.
  if (error.body.startsWith('Request aborted')) return new Problem('upload-conflict');
  if (error.status_code >= 500 && error.status_code !== 501) return error;
  return invalid('', error.body.trim());
}

export const invalid = (header: string, message: string): Problem =>
  new Problem('invalid-request', { errors: [{ path: ['header', header].filter(Boolean).join('.'), message }] });

const isRefusal = (error: unknown): error is Refusal =>
  typeof error === 'object' && error !== null && 'status_code' in error && 'body' in error;
