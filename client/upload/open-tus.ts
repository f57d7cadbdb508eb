import type { Upload as TusUpload } from 'tus-js-client';
import type { UploadDeps, UploadOptions } from './upload.ts';

/** The server gives a request ten minutes, also on slow lines. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** The library's upload of a file, at the address that the page keeps for it from an earlier time, if any. */
export async function openTus(
  { authorization, baseUrl, language }: UploadDeps,
  file: Blob,
  { name = (file as Partial<File>).name ?? 'document', replaces, pieceBytes = PIECE_BYTES }: UploadOptions,
  onProgress: (sentBytes: number) => void,
): Promise<TusUpload> {
  const { DefaultHttpStack, Upload } = await import('tus-js-client');
  const { authorizedStack } = await import('./http-stack.ts');
  const { blobReader } = await import('./blob-reader.ts');
  const wanted = language?.();
  const { lastModified = 0 } = file as Partial<File>;
  const tus = new Upload(file, {
    endpoint: `${baseUrl}/api/uploads`,
    chunkSize: pieceBytes,
    httpStack: authorizedStack(new DefaultHttpStack({}), authorization),
    ...(!('XMLHttpRequest' in globalThis) && { fileReader: blobReader }),
    ...(wanted && { headers: { 'Accept-Language': wanted } }),
    metadata: { filename: name, ...(file.type && { filetype: file.type }), ...(replaces && { replaces }) },
    fingerprint: async () => ['pandect', baseUrl, name, file.size, lastModified, replaces ?? ''].join('|'),
    retryDelays: null,
    removeFingerprintOnSuccess: true,
    onProgress,
  });
  const [previous] = (await tus.findPreviousUploads().catch(() => [])).toSorted((a, b) =>
    b.creationTime.localeCompare(a.creationTime),
  );
  if (previous) tus.resumeFromPreviousUpload(previous);
  return tus;
}
