import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/**
 * Gives the answer a header, unless what answers gives it the same one. The server's own response takes it, where there is one: a response
 * of the handler that has no headers but its type needs no `Headers`, which cost more than the rest of a small answer.
 */
export function addHeader(c: Context, name: string, value: string): void {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  if (!outgoing) c.header(name, value);
  else if (!outgoing.headersSent) outgoing.setHeader(name, value);
}
