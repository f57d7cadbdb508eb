import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Dialect } from '../../modules/models/dialects/contract.ts';
import { upstreamTimeout } from '../../modules/models/problems.ts';
import type { BegunAnswer } from '../../modules/models/routing/contract.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { unavailable } from '../../platform/kernel/problems.ts';
import { onReplaced } from '../../platform/runtime/http/ending.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import type { CallTime } from './call-time.ts';

/** Neither a proxy nor a cache may keep back or change what is meant to be read as it comes. */
const streaming = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

const COLON = 58;

/** For a reader that takes nothing of the last event, before its connection is cut. */
const LAST_EVENT_MS = 5_000;

/**
 * Sends an answer straight to the connection as it comes, no faster than the client reads, and resolves when it is over. A client
 * that leaves ends the answer at once.
 */
export async function sendStream(
  c: Context<RouterEnv>,
  { bytes, contentType }: Pick<BegunAnswer, 'bytes' | 'contentType'>,
  { dialect, headers, time }: { dialect: Dialect; headers: Record<string, string>; time: CallTime },
): Promise<Response> {
  const { outgoing } = c.env as HttpBindings;
  const response = c.body(null, 200, { 'content-type': contentType, ...streaming, ...headers });
  const over = new Promise<void>((resolve) => outgoing.once('close', resolve));
  if (outgoing.destroyed) {
    bytes.destroy();
    return response;
  }
  outgoing.writeHead(200, Object.fromEntries(response.headers));

  let last: Buffer | undefined;
  const failWith = (problem: Problem) => {
    bytes.off('data', send);
    bytes.destroy();
    if (!outgoing.writableEnded) outgoing.end(dialect.writeStreamError(problem, c.var.requestId, last));
    setTimeout(() => outgoing.destroy(), LAST_EVENT_MS).unref();
  };
  const send = (part: Buffer) => {
    // Signs of life are comments.
    if (part[0] !== COLON) last = part;
    if (!outgoing.write(part)) bytes.pause();
  };
  bytes.on('data', send);
  outgoing.on('drain', () => bytes.resume());
  bytes.once('end', () => outgoing.end());
  const isEvents = contentType.startsWith('text/event-stream');
  // A failure of a conversation is part of its answer. What passes as it is can be told of one where it is a stream of events.
  bytes.once('error', (error) => {
    if (time.isOver()) failWith(new Problem(upstreamTimeout));
    else if (isEvents && error instanceof Problem) failWith(error);
    else outgoing.destroy();
  });
  bytes.once('close', () => {
    if (!bytes.readableEnded && time.isOver()) failWith(new Problem(upstreamTimeout));
  });
  onReplaced(outgoing as never, () => failWith(new Problem(unavailable, { parameters: { seconds: 1 } })));
  await over;
  bytes.destroy();
  return response;
}
