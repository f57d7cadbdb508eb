import type { Context } from 'hono';
import { bearerOf } from '../../platform/runtime/http/authenticate.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

/** `Authorization: Bearer`, as OpenAI's clients send it, or `x-api-key`, as Anthropic's do. */
export const credentialOf = (c: Context<RouterEnv>): string | undefined => bearerOf(c) ?? c.req.header('x-api-key');
