import type { MiddlewareHandler } from 'hono';
import type { RouterEnv } from './router-env.ts';

/** Behind `authenticate`: limits the requests of each person and of each API key, by its channel. */
export const limitCaller: MiddlewareHandler<RouterEnv> = async (c, next) => {
  await c.get('limitCaller')?.(c.get('caller'));
  await next();
};
