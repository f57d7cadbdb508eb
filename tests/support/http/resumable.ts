import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import type { Account } from './client.ts';

/** What every request of the protocol carries. */
export const tus = { 'tus-resumable': '1.0.0' };

/** @returns the upload's id */
export async function beginUpload(account: Account, name: string, bytes = 10): Promise<string> {
  const response = await account.send('POST /api/uploads', {
    headers: {
      ...tus,
      'upload-length': String(bytes),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  });
  if (response.status !== 201) throw new Error(`Begin upload "${name}": ${response.status} ${await response.text()}`);
  return response.headers.get('location')?.split('/').at(-1) ?? '';
}

export interface Resumed {
  url: string;
  /** Undefined when it was stopped before its end. */
  documentId: string | undefined;
}

interface Sending extends Partial<UploadOptions> {
  /** Where the platform is. */
  url: string;
  /** Called before each piece; the upload is broken off when it says so. */
  onPiece?: (sent: number) => Promise<'stop' | undefined>;
}

/** Sends a file by the protocol's own client. @throws with the answer of the request that failed */
export function sendResumable(
  account: Account,
  name: string,
  content: Buffer,
  { url, onPiece, ...options }: Sending,
): Promise<Resumed> {
  return new Promise((resolve, reject) => {
    let documentId: string | undefined;
    const upload = new Upload(content, {
      endpoint: `${url}/api/uploads`,
      headers: { authorization: `Bearer ${account.session.accessToken}` },
      metadata: { filename: name },
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [],
      async onBeforeRequest(request) {
        if (request.getMethod() !== 'PATCH') return;
        const sent = Number(request.getHeader('Upload-Offset'));
        if ((await onPiece?.(sent)) !== 'stop') return;
        await upload.abort();
        resolve({ url: upload.url ?? '', documentId: undefined });
      },
      onAfterResponse(_, response) {
        documentId = response.getHeader('pandect-document-id') ?? documentId;
      },
      onSuccess: () => resolve({ url: upload.url ?? '', documentId }),
      onError: (error) =>
        reject(new Error(`${error.message} ${(error as DetailedError).originalResponse?.getBody() ?? ''}`)),
      ...options,
    });
    upload.start();
  });
}
