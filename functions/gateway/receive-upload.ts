import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BusboyHeaders } from '@fastify/busboy';
import { malformedMultipart } from '../../modules/legal/problems.ts';
import { type LooseFile, storeLoose } from '../../modules/models/files/store-file.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { unsupportedMediaType } from '../../platform/kernel/problems.ts';

export interface Upload {
  file: LooseFile;
  name: string;
  fields: ReadonlyMap<string, string>;
}

const MOST_NAME = 255;

/**
 * Streams the one file of a form into the storage, whatever its size; its fields may stand before it and behind it.
 * @throws Problem unsupported-media-type, malformed-multipart, payload-too-large
 */
export async function receiveUpload(request: Request, storage: FileStorage, maxBytes: number): Promise<Upload> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !request.body)
    throw new Problem(unsupportedMediaType, { parameters: { expected: 'multipart/form-data' } });
  const parser = await openParser(contentType);
  const fields = new Map<string, string>();
  let stored: Promise<LooseFile> | undefined;
  let open: Readable | undefined;
  let name = '';
  let isSurplus = false;
  parser.on('field', (field, value) => void fields.set(field, value));
  parser.on('file', (field, stream, fileName) => {
    if (field !== 'file' || stored) {
      isSurplus = true;
      stream.resume();
      return;
    }
    open = stream;
    name = fileName ?? '';
    stored = storeLoose(stream, storage, maxBytes);
    // Looked at below; without a listener an early failure would end the process.
    stored.catch(() => parser.destroy());
  });
  const body = Readable.fromWeb(request.body as never);
  const [form] = await Promise.allSettled([pipeline(body, parser, { signal: request.signal })]);
  // A parser that is cut off tells the file it was in the middle of nothing.
  if (form.status === 'rejected') open?.destroy(form.reason);
  const outcome = stored && (await Promise.allSettled([stored]))[0];
  if (outcome?.status === 'fulfilled' && form.status === 'fulfilled' && !isSurplus)
    return { file: outcome.value, name: plainName(name), fields };
  await using _surplus = outcome?.status === 'fulfilled' ? outcome.value : undefined;
  if (outcome?.status === 'rejected' && outcome.reason instanceof Problem) throw outcome.reason;
  throw new Problem(malformedMultipart, { cause: form.status === 'rejected' ? form.reason : undefined });
}

/** The library is loaded by the first upload. */
async function openParser(contentType: string) {
  // Bundled, a CommonJS module that is loaded late has a default export alone.
  const { Busboy } = (await import('@fastify/busboy')).default;
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { files: 2, fields: 16, fieldSize: 4096, parts: 20 },
    });
  } catch (cause) {
    throw new Problem(malformedMultipart, { cause });
  }
}

/** The last part of a path, without characters that no name has. */
function plainName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
  const plain = (name.split(/[\\/]/).at(-1) ?? '').replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, MOST_NAME);
  return plain || 'file';
}
