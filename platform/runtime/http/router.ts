import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { type FieldError, Problem, type ProblemDefinition } from '../../kernel/problem.ts';
import { invalidRequest } from '../../kernel/problems.ts';
import { addHeader } from './add-header.ts';
import { authenticate, type NeededScope } from './authenticate.ts';
import type { TokenVerifier } from './caller.ts';
import { limitCaller } from './limit-caller.ts';
import type { RouterEnv } from './router-env.ts';

export type Router = OpenAPIHono<RouterEnv>;

/** Names of the parts of a request, as clients know them. */
const places: Record<string, string> = { json: 'body', form: 'body', param: 'path' };

/** What a schema says of an input. */
type Checked =
  | { success: true }
  | { success: false; target: string; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };

/** Throws a problem that names every mistake of an input. */
export const refuseFields =
  (definition: ProblemDefinition) =>
  (result: Checked): undefined => {
    if (result.success) return undefined;
    const errors = result.error.issues.map(
      (issue): FieldError => ({
        path: [places[result.target] ?? result.target, ...issue.path].join('.'),
        message: issue.message,
      }),
    );
    throw new Problem(definition, { errors });
  };

/** A router whose operations check their input against their schemas; every mistake is reported at once. */
export const createRouter = (): Router => new OpenAPIHono<RouterEnv>({ defaultHook: refuseFields(invalidRequest) });

/** What answers say to caches, unless an operation says something else about its own: those with an ETag are kept and asked about. */
export const keepOutOfCaches =
  (directives: 'no-store' | 'private, no-store'): MiddlewareHandler<RouterEnv> =>
  (c, next) => {
    addHeader(c, 'cache-control', directives);
    return next();
  };

/** The same, and every operation needs a valid access token, or an API key with the scope if one is named. */
export function createProtectedRouter(tokens: TokenVerifier, { scope }: { scope?: NeededScope } = {}): Router {
  const router = createRouter();
  const [keep, know] = [keepOutOfCaches('private, no-store'), authenticate(tokens, scope)];
  // One layer: each costs a request as much as some of them do.
  router.use((c, next) => keep(c, () => know(c, next) as Promise<void>));
  router.use(limitCaller);
  return router;
}
