import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BusboyHeaders } from '@fastify/busboy';
import { Problem } from '../../kernel/problem.ts';
import { internal, malformedMultipart, unsupportedMediaType } from '../../kernel/problems.ts';
import { toProblem } from './to-problem.ts';

/** What a client says of a file. */
export interface NamedFile {
  name: string | undefined;
  mediaType: string | undefined;
}

/**
 * Streams the one file of a multipart form, in its field `file`, to where `store` has it; memory stays flat whatever its size. Its fields
 * may stand before it and behind it. Nothing is kept of a form that breaks off or has another file.
 * @param tap reads the bytes of the form before its parser does
 * @throws Problem unsupported-media-type, malformed-multipart, and those of `store`
 */
export async function receiveFile<Stored extends AsyncDisposable>(
  request: Request,
  store: (content: Readable, named: NamedFile) => Promise<Stored>,
  tap?: (contentType: string) => Transform,
): Promise<{ file: Stored; fields: ReadonlyMap<string, string> }> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !request.body)
    throw new Problem(unsupportedMediaType, { parameters: { expected: 'multipart/form-data' } });
  const parser = await openParser(contentType);
  const fields = new Map<string, string>();
  let stored: Promise<Stored> | undefined;
  let open: Readable | undefined;
  let isSurplus = false;
  parser.on('field', (field, value) => void fields.set(field, value));
  parser.on('file', (field, stream, name, _, mediaType) => {
    if (field !== 'file' || stored) {
      isSurplus = true;
      stream.resume();
      return;
    }
    open = stream;
    stored = store(stream, { name, mediaType });
    // Looked at below; without a listener an early failure would end the process.
    stored.catch(() => parser.destroy());
  });
  const parts = [Readable.fromWeb(request.body as never), ...(tap ? [tap(contentType)] : []), parser];
  const [form] = await Promise.allSettled([pipeline(parts, { signal: request.signal })]);
  // A parser that is cut off tells the file it was in the middle of nothing.
  if (form.status === 'rejected') open?.destroy(form.reason);
  const outcome = stored && (await Promise.allSettled([stored]))[0];
  if (outcome?.status === 'rejected') throw formProblem(outcome.reason);
  if (form.status === 'fulfilled' && outcome && !isSurplus) return { file: outcome.value, fields };
  await using _surplus = outcome?.value;
  throw malformed(form.status === 'rejected' ? form.reason : undefined);
}

/** A form that breaks off is the client's; a storage that is unavailable is not. */
function formProblem(reason: unknown): Problem {
  const problem = toProblem(reason);
  return problem.definition === internal ? malformed(reason) : problem;
}

const malformed = (cause: unknown): Problem => new Problem(malformedMultipart, { cause });

/** The library is loaded by the first form. */
async function openParser(contentType: string) {
  // Bundled, a CommonJS module that is loaded late has a default export alone.
  const { Busboy } = (await import('@fastify/busboy')).default;
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { files: 2, fields: 16, fieldSize: 4096, parts: 20 },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}
