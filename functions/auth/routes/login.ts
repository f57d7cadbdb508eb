import { createRoute, z } from '@hono/zod-openapi';
import {
  invalidCredentials,
  organizationSuspended,
  originMismatch,
  tooManySignIns,
} from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, emailSchema, originOf, type SignInDeps, sessionSchema } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/login',
  operationId: 'login',
  tags: ['auth'],
  summary: 'Sign in',
  description:
    'After five wrong passwords in a row a client has to wait with this address, longer with each further one and 15 minutes at most. The right password, or a new one chosen by e-mail, ends that. Wrong passwords for an address from all clients, and of a client for all addresses, are limited too. The cookie that a sign-in sets keeps the wrong passwords of others from making this device wait. With `Pandect-Session: cookie` the session that the cookie held ends: the new one takes its place.',
  request: {
    headers: sessionModeHeader,
    body: jsonBody(z.strictObject({ email: emailSchema, password: z.string().min(1).max(256) })),
  },
  responses: {
    200: json(sessionSchema, 'Signed in'),
    ...problems(...bodyProblems, invalidCredentials, originMismatch, organizationSuspended, tooManySignIns),
  },
});

export function login(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const { email, password } = c.req.valid('json');
    const cookie = sessionCookie(c, publicOrigin);
    return answerSession(c, await accounts.signIn(email, password, originOf(c), cookie?.token), 200, cookie);
  });
}
