import { OpenAPIHono } from '@hono/zod-openapi';
import type { Caller, TokenVerifier } from '../../capabilities/identity/index.ts';
import type { Log } from '../../kernel/log.ts';
import { type FieldError, type Language, Problem } from '../../kernel/problem.ts';
import { authenticate } from './authenticate.ts';

/** What the middleware sets for handlers. */
export interface Variables {
  requestId: string;
  language: Language;
  log: Log;
  /** Who calls; only behind a protected router. */
  caller: Caller;
}

export type RouterEnv = { Variables: Variables };
export type Router = OpenAPIHono<RouterEnv>;

/** Names of the parts of a request, as clients know them. */
const places: Record<string, string> = { json: 'body', form: 'body', param: 'path' };

/** A router whose operations check their input against their schemas; every mistake is reported at once. */
export const createRouter = (): Router =>
  new OpenAPIHono<RouterEnv>({
    defaultHook(result) {
      if (result.success) return;
      const errors = result.error.issues.map(
        (issue): FieldError => ({ path: [places[result.target] ?? result.target, ...issue.path].join('.'), message: issue.message }),
      );
      throw new Problem('invalid-request', { errors });
    },
  });

/** The same, and every operation needs a valid access token. */
export function createProtectedRouter(tokens: TokenVerifier): Router {
  const router = createRouter();
  router.use(authenticate(tokens));
  return router;
}
