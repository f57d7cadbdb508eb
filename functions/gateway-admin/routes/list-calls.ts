import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { fromDecimal, toDecimal } from '../../../modules/commerce/metering/calls/cost.ts';
import { searchCalls } from '../../../modules/commerce/metering/calls/search-calls.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { callSchema, outcomeSchema, toShownCall } from '../call.ts';

const list = createRoute({
  method: 'get',
  path: '/api/gateway/calls',
  operationId: 'listGatewayCalls',
  tags: ['gateway'],
  summary: 'Calls of models, newest first',
  description:
    'For administrators and owners. One entry for each attempt at an upstream; no word of what was asked or answered.',
  security: bearer,
  request: {
    query: pageQuery.extend({
      from: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Admitted then or later' }),
      to: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Admitted before' }),
      key: z.uuid().optional().openapi({ description: 'Id of the API key that asked' }),
      route: z.string().max(256).optional(),
      target: z.string().max(256).optional(),
      outcome: outcomeSchema.optional(),
    }),
  },
  responses: {
    200: json(z.strictObject({ items: z.array(callSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const get = createRoute({
  method: 'get',
  path: '/api/gateway/calls/{requestId}',
  operationId: 'getGatewayCall',
  tags: ['gateway'],
  summary: 'The attempts at one request, in order',
  description: 'For administrators and owners.',
  security: bearer,
  request: {
    params: z.object({ requestId: z.uuid().openapi({ param: { name: 'requestId', in: 'path' } }) }),
  },
  responses: {
    200: json(
      z.strictObject({
        requestId: z.uuid(),
        cost: z.string().openapi({ description: 'Of all attempts, in roubles' }),
        attempts: z.array(callSchema),
      }),
      'The request',
    ),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

/** Attempts at one request, those after its repetition under the same key among them. */
const MOST_ATTEMPTS = 1_000;

export function listCalls(router: Router, { database }: { database: Database }): void {
  router.openapi(list, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { cursor, limit, key, from, to, ...others } = c.req.valid('query');
    const found = await searchCalls(database, caller.organizationId, {
      ...others,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      keyId: key,
      after: readCursor(cursor),
      limit: limit + 1,
    });
    const items = found.slice(0, limit).map(toShownCall);
    return c.json({ items, nextCursor: nextCursor(items, found.length > limit) }, 200);
  });
  router.openapi(get, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { requestId } = c.req.valid('param');
    const found = await searchCalls(database, caller.organizationId, { requestId, limit: MOST_ATTEMPTS });
    if (found.length === 0) throw new Problem(notFound);
    const attempts = found.map(toShownCall).toSorted((a, b) => a.attempt - b.attempt);
    const cost = toDecimal(attempts.reduce((sum, each) => sum + fromDecimal(each.cost), 0n));
    return c.json({ requestId, cost, attempts }, 200);
  });
}
