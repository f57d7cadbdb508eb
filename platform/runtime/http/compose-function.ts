import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import type { FunctionManifest } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import { hostNotAllowed, notFound, unsupportedMediaType } from '../../kernel/problems.ts';
import type { Boot } from '../boot.ts';
import { WARM_UP } from '../control.ts';
import { tellRefusal } from '../refusals.ts';
import { type WriteProblem, writeDocument } from '../write-problem.ts';
import type { Caller } from './caller.ts';
import { limitBody } from './limit-body.ts';
import type { LimitRate } from './limit-rate.ts';
import { observe } from './observe.ts';
import type { Router } from './router.ts';
import type { RouterEnv } from './router-env.ts';
import { toProblem } from './to-problem.ts';

/**
 * Puts around a function's own routes what all functions share: request id, logs and metrics, hosts, cross-origin
 * rules, limits on rate, body and time, and problem documents for everything that is thrown.
 * @param writeProblem the function's own form of problems, if it has one
 */
export async function composeFunction(
  boot: Boot,
  manifest: FunctionManifest,
  app: Router,
  limitRate: LimitRate | undefined,
  writeProblem: WriteProblem = writeDocument,
): Promise<Hono<RouterEnv>> {
  const { ALLOWED_HOSTS, CORS_ORIGINS } = boot.runtime;
  const outer = new Hono<RouterEnv>();
  outer.use(endHeadBody);
  outer.use(observe(boot));
  // What only the operator reaches is asked for by no host.
  if (manifest.mount.length > 0 && !ALLOWED_HOSTS.includes('*')) {
    outer.use((c, next) => {
      if (c.req.path !== WARM_UP && !hostAllowed(ALLOWED_HOSTS, c.req.header('host')))
        throw new Problem(hostNotAllowed);
      return next();
    });
  }
  if (CORS_ORIGINS.length > 0) {
    outer.use(
      cors({
        origin: CORS_ORIGINS,
        allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowHeaders: [
          ...['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'x-request-id', 'traceparent'],
          ...['tus-resumable', 'upload-length', 'upload-metadata', 'upload-offset'],
        ],
        exposeHeaders: [
          ...['x-request-id', 'etag', 'retry-after', 'ratelimit', 'ratelimit-policy'],
          ...['location', 'tus-resumable', 'upload-expires', 'upload-length', 'upload-metadata', 'upload-offset'],
          ...['pandect-document-id', 'pandect-duplicate'],
        ],
        maxAge: 600,
      }),
    );
  }
  const rate = await requestRate(boot, manifest, limitRate);
  if (rate) outer.use(rate);
  const bounded = limitBody(manifest.body);
  outer.use((c, next) => {
    requireContentType(c);
    return bounded(c, () => inTime(manifest.timeout, next));
  });
  outer.on(['GET', 'POST'], WARM_UP, async (c) => c.json({ bytes: (await c.req.arrayBuffer()).byteLength }));
  outer.route('/', app);
  const respond = (c: Context<RouterEnv>, problem: Problem) => {
    // It is not known who asks before they signed in.
    const caller = c.get('caller') as Caller | undefined;
    tellRefusal({ metrics: boot.metrics, log: c.var.log }, problem, caller?.organizationId);
    const { language, requestId } = c.var;
    const { status, headers, body } = writeProblem(problem, { path: c.req.path, language, requestId });
    return c.body(body, status as 400, headers);
  };
  outer.notFound((c) => respond(c, new Problem(notFound)));
  outer.onError((error, c) => {
    const problem = toProblem(error);
    if (problem.status >= 500) {
      // Work that was broken off because no one waits for it any more is no failure.
      if (c.req.raw.signal.aborted) c.var.log.info({ problem: problem.type }, 'Client left');
      else c.var.log.error({ error, problem: problem.type }, 'Request failed');
    }
    return respond(c, problem);
  });
  // Inside `outer.route` the inner router's own handlers would win, so it gets the same ones.
  app.notFound((c) => respond(c, new Problem(notFound)));
  return outer;
}

/** @throws when a function that shall be limited was not given the means */
async function requestRate(boot: Boot, { rateLimit }: FunctionManifest, limitRate: LimitRate | undefined) {
  if (rateLimit === 'none') return;
  if (!limitRate) throw new Error(`Limit requests of "${boot.name}" by "${rateLimit}": nothing to limit them by`);
  return limitRate(boot, rateLimit);
}

/**
 * Hono answers HEAD with the route of GET and lets go of its body unread, which would leave a file open and a stream of
 * events running. Outermost, since a response whose body has ended takes no more headers.
 */
const endHeadBody: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};

/** `*` allows all; otherwise the host without its port must be listed, in any case. */
export function hostAllowed(allowed: readonly string[], host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  return allowed.some((entry) => entry === '*' || entry.toLowerCase() === name);
}

const withBody = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** The last one is a piece of a resumable upload; each operation still takes its own types only. */
const bodyTypes = /^(application\/json|multipart\/form-data|application\/offset\+octet-stream)\s*(;|$)/i;

/** A body must say what it is, or the schema check behind this would silently see none. */
function requireContentType(c: Context<RouterEnv>): void {
  if (!withBody.has(c.req.method)) return;
  const hasBody = c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
  if (hasBody && !bodyTypes.test(c.req.header('content-type') ?? '')) {
    throw new Problem(unsupportedMediaType, {
      parameters: { expected: 'application/json or multipart/form-data' },
    });
  }
}

/** @throws HTTPException 504 when it takes longer; the work itself continues */
const inTime = (seconds: number, work: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = () => reject(new HTTPException(504, { message: String(seconds) }));
    const timer = setTimeout(late, seconds * 1000);
    work()
      .then(resolve, reject)
      .then(() => clearTimeout(timer));
  });
