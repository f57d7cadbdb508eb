import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { FileStorage } from '../../capabilities/storage/index.ts';
import { Problem } from '../../kernel/problem.ts';
import { rangeNotSatisfiable } from '../../kernel/problems.ts';
import { wantedRange } from './byte-range.ts';
import type { RouterEnv } from './router-env.ts';

export interface SentFile {
  key: string;
  /** Bytes. */
  size: number;
  /** Strong, with its quotation marks. */
  etag: string;
  headers: Record<string, string>;
}

/**
 * Answers with a stored file, or with the part of it that the request asks for.
 * @throws FileMissing; Problem range-not-satisfiable
 */
export async function sendFile(
  c: Context<RouterEnv>,
  storage: Pick<FileStorage, 'read'>,
  { key, size, etag, headers: own }: SentFile,
): Promise<Response> {
  const headers = { ...own, etag, 'accept-ranges': 'bytes' };
  const asked = { range: c.req.header('range'), ifRange: c.req.header('if-range') };
  const range = c.req.method === 'GET' ? wantedRange(asked, { size, etag }) : undefined;
  if (range === 'outside') {
    throw new Problem(rangeNotSatisfiable, {
      parameters: { size },
      headers: { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' },
    });
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, { ...headers, 'content-length': String(size) });
  const { stream, bytes } = await storage.read(key, range);
  return c.body(Readable.toWeb(stream) as ReadableStream, range ? 206 : 200, {
    ...headers,
    'content-length': String(bytes),
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  });
}
