import { type ReceivedFile, storeFile } from '../../modules/legal/documents/files/receive.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { receiveFile } from '../../platform/runtime/http/receive-file.ts';
import { type NameTap, tapExtendedName } from './extended-name.ts';

/**
 * Streams the one file of a form into the storage. Nothing is kept of an upload that breaks off, is too large, empty, or of a kind that
 * cannot be read.
 * @throws Problem
 */
export async function receiveDocument(request: Request, storage: FileStorage, maxBytes: number): Promise<ReceivedFile> {
  let extended: NameTap | undefined;
  const { file } = await receiveFile(
    request,
    (content, { name, mediaType }) =>
      storeFile(content, { name: extended?.name() ?? name, mediaType }, storage, maxBytes),
    (contentType) => {
      extended = tapExtendedName(contentType);
      return extended.stream;
    },
  );
  return file;
}
