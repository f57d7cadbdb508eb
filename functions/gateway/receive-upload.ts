import { type LooseFile, storeLoose } from '../../modules/models/files/store-file.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { receiveFile } from '../../platform/runtime/http/receive-file.ts';

export interface Upload {
  file: LooseFile;
  name: string;
  fields: ReadonlyMap<string, string>;
}

const MOST_NAME = 255;

/**
 * Streams the one file of a form into the storage.
 * @throws Problem unsupported-media-type, malformed-multipart, payload-too-large
 */
export async function receiveUpload(request: Request, storage: FileStorage, maxBytes: number): Promise<Upload> {
  let name = '';
  const received = await receiveFile(request, (content, named) => {
    name = plainName(named.name ?? '');
    return storeLoose(content, storage, maxBytes);
  });
  return { ...received, name };
}

/** The last part of a path, without characters that no name has. */
function plainName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
  const plain = (name.split(/[\\/]/).at(-1) ?? '').replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, MOST_NAME);
  return plain || 'file';
}
