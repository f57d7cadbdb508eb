import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { Problem, pickLanguage, toProblemDocument } from '../../kernel/problem.ts';
import { notFound } from '../../kernel/problems.ts';

export interface FiguresOptions {
  metrics(): Promise<string>;
  /** Sent as a bearer token, it opens the figures to anyone. */
  token: string | undefined;
  /** Whether programs on this machine that ask the edge may read them without a token, while none is set. */
  openToMachine: boolean;
}

/**
 * `/metrics`, on sockets and ports that only this machine reaches, and behind the edge. A proxy on this machine asks from
 * loopback as well, so the edge marks the requests that show no sign of one, and even those count only where
 * `openToMachine` says so.
 */
export const createFigures = ({ metrics, token, openToMachine }: FiguresOptions): Hono =>
  new Hono().get('/metrics', async (c) => {
    const isFromEdge = c.req.header('x-forwarded-for') !== undefined;
    const isLocal = token === undefined && openToMachine && c.req.header('x-pandect-direct') === 'yes';
    if (!isFromEdge || isLocal || hasToken(c.req.header('authorization'), token)) return c.text(await metrics());
    const problem = new Problem(notFound);
    const document = toProblemDocument(problem, pickLanguage(c.req.header('accept-language')));
    return c.body(JSON.stringify(document), 404, { 'content-type': 'application/problem+json' });
  });

function hasToken(authorization: string | undefined, token: string | undefined): boolean {
  const [scheme, sent] = (authorization ?? '').split(' ');
  if (token === undefined || sent === undefined || scheme?.toLowerCase() !== 'bearer') return false;
  return timingSafeEqual(digest(sent), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
