import type { HttpResponse, Upload as TusUpload } from 'tus-js-client';
import type { Authorization } from '../authorization.ts';
import { type FileError, isAbort, type NetworkError, type ProblemError, problemErrorOfResponse } from '../problem.ts';
import type { Schemas } from '../schemas.ts';
import type { Send } from '../send.ts';
import { openTus } from './open-tus.ts';
import { sendFile } from './send-file.ts';

export interface UploadOptions {
  /** What the file is called; the name of a `File` unless given. */
  name?: string;
  /** The document that the file is a new version of. */
  replaces?: string;
  /** The most that one request sends; 16 MiB unless given. */
  pieceBytes?: number;
  /** Does not send yet, until `resume`. */
  paused?: boolean;
}

export interface UploadedDocument {
  documentId: string;
  /** The organization had this content already, and this is the document that was there. */
  duplicate: boolean;
}

/** `lost`: no connection, or the server asks to wait; it continues by itself. `failed`: it does not, but `resume` tries again. */
export type UploadState = 'sending' | 'paused' | 'lost' | 'done' | 'failed' | 'cancelled';

export interface UploadStatus {
  readonly state: UploadState;
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** While `lost`. */
  readonly retryInMs?: number;
  /** Why it is `lost` or `failed`. */
  readonly error?: NetworkError | ProblemError | FileError;
  /** Once it is `done`. */
  readonly document?: UploadedDocument;
}

export interface Upload {
  /** Another object after each change. */
  readonly status: UploadStatus;
  /** Rejects when it has failed or is cancelled; after `resume` it is another promise. */
  readonly done: Promise<UploadedDocument>;
  /** Calls `changed` after each change of the status. @returns what ends that */
  subscribe(changed: () => void): () => void;
  pause(): void;
  resume(): void;
  /** Gives it up, on the server as well. */
  cancel(): void;
}

export interface UploadDeps {
  send: Send;
  authorization: Authorization;
  baseUrl: string;
  language?: (() => string | undefined) | undefined;
}

/**
 * Uploads a file in pieces by the tus protocol. In a browser the address of the unfinished upload is kept in the page's storage, so that
 * the same file continues where it was after a reload, too.
 */
export function upload(deps: UploadDeps, file: Blob, { paused = false, ...options }: UploadOptions = {}): Upload {
  let status: UploadStatus = { state: paused ? 'paused' : 'sending', sentBytes: 0, totalBytes: file.size };
  let running: AbortController | undefined;
  let tus: Promise<TusUpload> | undefined;
  let done = outcome();
  const followers = new Set<() => void>();

  const become = (state: UploadState, more: Partial<UploadStatus> = {}) => {
    const { sentBytes, totalBytes } = status;
    status = { state, sentBytes, totalBytes, ...more };
    for (const follower of [...followers]) follower();
  };
  const open = () => {
    tus ??= openTus(deps, file, options, (sentBytes) => {
      if (status.state === 'sending') become('sending', { sentBytes });
    });
    return tus;
  };
  const fail = (error: Error) => {
    become(isAbort(error) ? 'cancelled' : 'failed', isAbort(error) ? {} : { error: error as ProblemError });
    done.reject(error);
  };
  const run = async (signal: AbortSignal) => {
    try {
      const library = await open();
      const steps = sendFile(library, file, () => status.sentBytes, signal);
      let step = await steps.next();
      for (; !step.done; step = await steps.next()) become(step.value.state, step.value);
      const document = await documentOf(deps.send, library, step.value);
      signal.throwIfAborted();
      become('done', { sentBytes: file.size, document });
      done.resolve(document);
    } catch (error) {
      if (!signal.aborted) fail(error as Error);
    }
  };
  const start = () => {
    running = new AbortController();
    void run(running.signal);
  };
  if (!paused) start();
  return {
    get status() {
      return status;
    },
    get done() {
      return done.promise;
    },
    subscribe(changed) {
      followers.add(changed);
      return () => followers.delete(changed);
    },
    pause() {
      if (status.state !== 'sending' && status.state !== 'lost') return;
      running?.abort();
      become('paused');
    },
    resume() {
      if (status.state !== 'paused' && status.state !== 'failed') return;
      if (status.state === 'failed') done = outcome();
      become('sending');
      start();
    },
    cancel() {
      if (status.state === 'done' || status.state === 'cancelled') return;
      running?.abort();
      fail(new DOMException('The upload is cancelled', 'AbortError'));
      // Without an answer the server drops it after a day.
      void tus?.then((library) => library.abort(true)).catch(() => {});
    },
  };
}

/** A reader of the status alone must not get unhandled rejections. */
function outcome() {
  const resolvers = Promise.withResolvers<UploadedDocument>();
  resolvers.promise.catch(() => {});
  return resolvers;
}

/** The answer to the last piece names it, unless that answer was lost. */
async function documentOf(send: Send, { url }: TusUpload, last: HttpResponse): Promise<UploadedDocument> {
  const documentId = last.getHeader('Pandect-Document-Id');
  if (documentId) return { documentId, duplicate: last.getHeader('Pandect-Duplicate') === 'true' };
  const response = await send(new Request(url ?? ''));
  if (!response.ok) throw await problemErrorOfResponse(response);
  const found: Schemas['Upload'] = await response.json();
  return { documentId: found.documentId ?? '', duplicate: found.duplicate ?? false };
}
