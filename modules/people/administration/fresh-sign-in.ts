import type { MiddlewareHandler } from 'hono';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { freshSignInNeeded } from '../problems.ts';

/** Minutes after a sign-in in which what changes the platform is allowed. */
export const FRESH_MINUTES = 10;
/** A clock that runs ahead of this one by no more is taken for right. */
const AHEAD_SECONDS = 60;

/** @param now milliseconds since 1970 @throws Problem fresh-sign-in-needed */
export function assertFreshSignIn({ signedInAt }: Pick<Caller, 'signedInAt'>, now = Date.now()): void {
  const seconds = signedInAt === undefined ? Number.POSITIVE_INFINITY : now / 1000 - signedInAt;
  if (seconds <= FRESH_MINUTES * 60 && seconds >= -AHEAD_SECONDS) return;
  throw new Problem(freshSignInNeeded, { parameters: { minutes: FRESH_MINUTES } });
}

/** Lets only those change something who proved their password lately. */
export const freshSignIn: MiddlewareHandler<RouterEnv> = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') assertFreshSignIn(c.var.caller);
  await next();
};
