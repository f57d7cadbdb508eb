import type { Readable } from 'node:stream';
import type { Attempt } from '../attempt.ts';
import type { AnswerStream } from './answer-stream.ts';

/**
 * Passes bytes on, as fast as the caller reads, until they end.
 * @throws what the connection throws
 */
export function relayBytes(
  body: Readable,
  { attempt, answer }: { attempt: Attempt; answer: AnswerStream },
): Promise<undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  body.on('data', (chunk: Buffer) => {
    attempt.touch();
    attempt.begin();
    attempt.isCommitted = true;
    const hasRoom = answer.put(chunk, () => attempt.resume());
    if (!hasRoom) attempt.pause(body);
  });
  body.once('end', () => resolve(undefined));
  body.on('error', reject);
  body.once('close', () => reject(Object.assign(new Error('Read an answer: cut off'), { code: 'ECONNRESET' })));
  return promise;
}
