import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import type { TestApp } from '../../../platform/testing/app.ts';

export interface Sent {
  url: string | null;
  error: DetailedError | undefined;
  /** The last answer's headers. */
  header(name: string): string | undefined;
}

/** Where an upload is sent, and by whom. */
export interface Target {
  at: string;
  by: { token: string };
}

const common = ({ at, by }: Target) => ({
  endpoint: `${at}/api/uploads`,
  headers: { authorization: `Bearer ${by.token}` },
  metadata: { filename: 'Устав.txt', filetype: 'text/plain' },
  retryDelays: [],
});

/** Uploads with the protocol's own client until it ends or fails. */
export function sendPieces(target: Target, content: Buffer, options: Partial<UploadOptions> = {}): Promise<Sent> {
  return new Promise((resolve) => {
    let header: Sent['header'] = () => undefined;
    const end = (error?: Error) => resolve({ url: upload.url, error: error as DetailedError | undefined, header });
    const upload = new Upload(content, {
      ...common(target),
      chunkSize: 1024 * 1024,
      onAfterResponse(_, response) {
        header = (name) => response.getHeader(name);
      },
      onSuccess: () => end(),
      onError: end,
      ...options,
    });
    upload.start();
  });
}

/** Cuts the connection off when so much was sent. @returns the upload's address */
export function sendPart(target: Target, content: Buffer, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(content, {
      ...common(target),
      chunkSize: Number.POSITIVE_INFINITY,
      onError: reject,
      onProgress(sent) {
        if (sent < bytes) return;
        upload.abort().then(() => resolve(upload.url as string), reject);
      },
    });
    upload.start();
  });
}

export const pathOf = (url: string | null) => new URL(url ?? '').pathname as `/${string}`;

/** What every request of the protocol carries. */
export const tus = { 'tus-resumable': '1.0.0' };
export const encode = (value: string): string => Buffer.from(value).toString('base64');

/** Requests without the client, for what it would not send. */
export const createRequests = (app: TestApp) => ({
  begin: (by: { token: string }, length: number, headers: Record<string, string> = {}) =>
    app.request('POST /api/uploads', { as: by, headers: { ...tus, 'upload-length': String(length), ...headers } }),
  patch: (by: { token: string }, path: string, offset: number, body: string, headers: Record<string, string> = {}) =>
    app.request(`PATCH ${path}` as 'PATCH /', {
      as: by,
      body,
      headers: {
        ...tus,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      },
    }),
});
