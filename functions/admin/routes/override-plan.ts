import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { overridesOf, replaceOverrides } from '../../../modules/commerce/metering/index.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findOrganization } from '../organization.ts';
import { toOverrides } from '../overrides.ts';
import { overridesSchema } from '../plan-figures.ts';
import { reasonDetails, reasonField } from '../reason.ts';

const route = createRoute({
  method: 'put',
  path: '/api/admin/organizations/{id}/overrides',
  operationId: 'overridePlan',
  tags: ['administration'],
  summary: 'Give an organization other figures than its plan’s',
  description: 'Replaces all overrides and takes effect immediately.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ ...overridesSchema.shape, ...reasonField })) },
  responses: {
    200: json(overridesSchema, 'The overrides'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound),
  },
});

export function overridePlan(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { units = [], reason, ...changed } = c.req.valid('json');
    const overrides = units.map(({ until, ...limit }) => ({
      ...limit,
      until: until === undefined ? until : new Date(until),
    }));
    const shown = await database.transaction(async (tx) => {
      await findOrganization(tx, id);
      const details = {
        ...Object.fromEntries(Object.entries(changed).filter(([, figure]) => figure !== null)),
        ...(units.length > 0 && { units }),
        ...reasonDetails(reason),
      };
      const act = { organizationId: id, actorId: c.var.caller.userId, target: id, details };
      await recordAct(tx, { ...act, action: 'override-plan' });
      const row = await replaceOverrides(tx, id, changed, overrides);
      return toOverrides(row, await overridesOf(tx, id));
    });
    return c.json(shown, 200);
  });
}
