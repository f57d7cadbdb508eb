import type { Context, MiddlewareHandler, Next } from 'hono';
import { Problem } from '../../kernel/problem.ts';
import { payloadTooLarge } from '../../kernel/problems.ts';
import type { RouterEnv } from './router-env.ts';

/**
 * Refuses bodies of more than `most` bytes: by the length they announce, and those that come in chunks as soon as they
 * have grown past it. Nothing is held back; what reads the body gets it as it comes.
 */
export const limitBody =
  (most: number): MiddlewareHandler<RouterEnv> =>
  (c, next) => {
    if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge(most);
    const isChunked = c.req.header('transfer-encoding') !== undefined;
    return isChunked && c.req.raw.body ? countBody(most, c, c.req.raw.body, next) : next();
  };

const tooLarge = (most: number) => new Problem(payloadTooLarge, { parameters: { limit: most } });

async function countBody(most: number, c: Context<RouterEnv>, body: ReadableStream<Uint8Array>, next: Next) {
  let size = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        size += part.byteLength;
        if (size > most) controller.error(tooLarge(most));
        else controller.enqueue(part);
      },
    }),
  );
  const { url, method, headers, signal } = c.req.raw;
  // Not made from the request itself: the server's requests are not of Node's own class.
  c.req.raw = new Request(url, { method, headers, signal, body: counted, duplex: 'half' } as RequestInit);
  await next();
  // Anyone who read the body may have taken its end for a broken one.
  if (size > most) throw tooLarge(most);
}
