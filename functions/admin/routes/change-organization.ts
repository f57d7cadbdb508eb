import { createRoute, z } from '@hono/zod-openapi';
import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { readPlans } from '../../../modules/commerce/billing/index.ts';
import { revokeTokens } from '../../../modules/people/identity/index.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
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

const changeSchema = z
  .strictObject({ tier: z.string().min(1).max(50).optional(), suspended: z.boolean().optional() })
  .refine(({ tier, suspended }) => tier !== undefined || suspended !== undefined, 'must change something');

const route = createRoute({
  method: 'patch',
  path: '/api/admin/organizations/{id}',
  tags: ['administration'],
  summary: 'Put an organization on a plan, or suspend it',
  description:
    'A plan that is set here holds until the subscription begins a new period or changes its plan. Suspending ends all of the organization’s sessions at once.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(changeSchema) },
  responses: {
    200: json(organizationSchema, 'The organization'),
    ...problems(...bodyProblems, 'unauthenticated', 'not-found'),
  },
});

export function changeOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { tier, suspended } = c.req.valid('json');
    const changed = await database.transaction(async (tx) => {
      let organization = await findOrganization(tx, id);
      const actor = { organizationId: id, actorId: c.var.caller.userId, target: id };
      if (tier !== undefined && tier !== organization.tier) {
        const from = organization.tier;
        organization = await changeTier(tx, id, tier);
        await recordAct(tx, { ...actor, action: 'change-tier', details: { from, to: tier } });
      }
      if (suspended !== undefined && suspended !== (organization.suspendedAt !== null)) {
        organization = await suspend(tx, id, suspended);
        await recordAct(tx, { ...actor, action: suspended ? 'suspend-organization' : 'resume-organization' });
      }
      return organization;
    });
    return c.json(toOrganization(changed), 200);
  });
}

async function changeTier(tx: Transaction, id: string, tier: string): Promise<Organization> {
  if (!(await readPlans(tx)).some((plan) => plan.tier === tier)) {
    throw new Problem('invalid-request', { errors: [{ path: 'body.tier', message: 'there is no such plan' }] });
  }
  return update(tx, id, { tier, subscriptionStartedAt: sql`now()` });
}

async function suspend(tx: Transaction, id: string, suspended: boolean): Promise<Organization> {
  // First the row, which a session that begins meanwhile holds: what it is given is then revoked as well.
  const organization = await update(tx, id, { suspendedAt: suspended ? sql`now()` : null });
  if (suspended) await revokeTokens(tx, id);
  return organization;
}

async function update(
  tx: Transaction,
  id: string,
  set: Parameters<ReturnType<typeof tx.update<typeof organizations>>['set']>[0],
): Promise<Organization> {
  const [row] = await tx.update(organizations).set(set).where(eq(organizations.id, id)).returning();
  if (!row) throw new Problem('not-found');
  return row;
}
