import type { MiddlewareHandler } from 'hono';

/**
 * Hono answers HEAD with the route of GET and lets go of its body unread, which would leave a file open and a stream of
 * events running. Outermost, since a response whose body has ended takes no more headers.
 */
export const endHeadBody: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};
