import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { readPlans } from '../../../modules/commerce/billing/index.ts';
import { changePlan } from '../../../modules/people/organizations/change-plan.ts';
import { suspendOrganization } from '../../../modules/people/organizations/suspend.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findOrganization, type Organization, organizationSchema, toOrganization } from '../organization.ts';
import { reasonDetails, reasonField } from '../reason.ts';

const changeSchema = z
  .strictObject({ tier: z.string().min(1).max(50).optional(), suspended: z.boolean().optional(), ...reasonField })
  .refine(({ tier, suspended }) => tier !== undefined || suspended !== undefined, 'must change something');

const route = createRoute({
  method: 'patch',
  path: '/api/admin/organizations/{id}',
  operationId: 'changeOrganization',
  tags: ['administration'],
  summary: 'Put an organization on a plan, or suspend it',
  description:
    'A plan that is set here holds until the subscription begins a new period or changes its plan. Suspending ends all of the organization’s sessions at once.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(changeSchema) },
  responses: {
    200: json(organizationSchema, 'The organization'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound),
  },
});

export function changeOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { tier, suspended, reason } = c.req.valid('json');
    const changed = await database.transaction(async (tx) => {
      let organization = await findOrganization(tx, id);
      const actor = { organizationId: id, actorId: c.var.caller.userId, target: id };
      if (tier !== undefined && tier !== organization.tier) {
        const from = organization.tier;
        organization = await changeTier(tx, id, tier);
        await recordAct(tx, { ...actor, action: 'change-tier', details: { from, to: tier, ...reasonDetails(reason) } });
      }
      if (suspended !== undefined && suspended !== (organization.suspendedAt !== null)) {
        organization = required(await suspendOrganization(tx, id, suspended));
        const action = suspended ? 'suspend-organization' : 'resume-organization';
        await recordAct(tx, { ...actor, action, details: reasonDetails(reason) });
      }
      return organization;
    });
    return c.json(toOrganization(changed), 200);
  });
}

async function changeTier(tx: Transaction, id: string, tier: string): Promise<Organization> {
  if (!(await readPlans(tx)).some((plan) => plan.tier === tier)) {
    throw new Problem(invalidRequest, { errors: [{ path: 'body.tier', message: 'there is no such plan' }] });
  }
  return required(await changePlan(tx, id, { tier, subscriptionStartedAt: sql`now()` }));
}

function required<T>(row: T | undefined): T {
  if (!row) throw new Problem(notFound);
  return row;
}
