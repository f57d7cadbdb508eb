import type { Readable } from 'node:stream';
import type { Json } from '../dialects/contract.ts';
import { isJson } from '../dialects/json.ts';
import type { Adapter } from '../providers/adapter.ts';
import type { Attempt } from './attempt.ts';
import { AttemptFailure, tooLarge, unreadable } from './attempt-failure.ts';

const SPACE = 32;
const LIST = 0x5b;
const [LIST_START, LIST_END] = [Buffer.from('{"data":'), Buffer.from('}')];

/**
 * All bytes of a body, without the blanks that some upstreams send first to keep the connection: they do not begin the answer.
 * @throws AttemptFailure of more than `limit` bytes, those blanks included
 */
export function readWhole(body: Readable, limit: number, attempt: Attempt): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  body.on('data', (chunk: Buffer) => {
    attempt.touch();
    bytes += chunk.length;
    if (bytes > limit) {
      reject(tooLarge(attempt.status, limit));
      body.destroy();
      return;
    }
    const first = pieces.length > 0 ? 0 : chunk.findIndex((byte) => byte > SPACE);
    if (first === -1) return;
    attempt.begin();
    pieces.push(chunk.subarray(first));
  });
  body.once('end', () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
  body.on('error', reject);
  body.once('close', () => reject(Object.assign(new Error('Read an answer: cut off'), { code: 'ECONNRESET' })));
  return promise;
}

/** Of counted tokens: GigaChat's answer is a list. @throws AttemptFailure as `parseAnswer` does */
export function checkCount(bytes: Buffer, attempt: Attempt, adapter: Pick<Adapter, 'failureIn'>): void {
  const isList = bytes[0] === LIST;
  parseAnswer(isList ? Buffer.concat([LIST_START, bytes, LIST_END]) : bytes, attempt, adapter);
}

/** @throws AttemptFailure for what is no JSON object, and for a failure that was sent with a status of success */
export function parseAnswer(bytes: Buffer, { status }: Attempt, adapter: Pick<Adapter, 'failureIn'>): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString());
  } catch (error) {
    throw unreadable(status, error);
  }
  if (!isJson(parsed)) throw unreadable(status);
  const failure = adapter.failureIn?.(parsed);
  if (failure) throw new AttemptFailure(failure);
  return parsed;
}
