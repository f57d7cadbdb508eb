import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { organizationPlans } from '../../../db/schema/commerce/organization-plans.ts';
import { planOverrides } from '../../../db/schema/commerce/plan-overrides.ts';
import { subscriptionStates } from '../../../db/schema/commerce/subscriptions.ts';
import { usageTotals } from '../../../db/schema/commerce/usage-totals.ts';
import { users } from '../../../db/schema/people/users.ts';
import { currentMonth } from '../../../db/utc.ts';
import { readSubscription } from '../../../modules/commerce/billing/index.ts';
import { documentUse, overridesOf } from '../../../modules/commerce/metering/index.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findOrganization, organizationFields, toOrganization } from '../organization.ts';
import { toOverrides } from '../overrides.ts';
import { figures, overridesSchema } from '../plan-figures.ts';

const detailSchema = z
  .strictObject({
    ...organizationFields,
    plan: z.strictObject(figures).openapi({ description: 'Effective limits, overrides included' }),
    overrides: overridesSchema,
    held: z
      .strictObject({ documents: z.int(), storageBytes: z.int(), users: z.int() })
      .openapi({ description: 'May exceed the limits after a change to a smaller plan' }),
    subscription: z
      .strictObject({
        state: z.enum(subscriptionStates),
        tier: z.string(),
        nextTier: z.string().nullable(),
        periodEnd: z.iso.datetime(),
      })
      .nullable(),
    month: z.strictObject({
      count: z.int(),
      tokens: z.int(),
      cost: z.string().openapi({ description: 'Roubles with eight decimals' }),
    }),
  })
  .openapi('AdministeredOrganizationDetail');

const route = createRoute({
  method: 'get',
  path: '/api/admin/organizations/{id}',
  operationId: 'getAdministeredOrganization',
  tags: ['administration'],
  summary: 'One organization: its plan, subscription and what it used this month',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(detailSchema, 'The organization'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function getOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const detail = await database.transaction(async (tx) => {
      const found = await readDetail(tx, id);
      const actorId = c.var.caller.userId;
      await recordAct(tx, { organizationId: id, actorId, action: 'read-organization', target: id });
      return found;
    });
    return c.json(detail, 200);
  });
}

async function readDetail(tx: Transaction, id: string): Promise<z.output<typeof detailSchema>> {
  const organization = await findOrganization(tx, id);
  const [row] = await tx.select().from(organizationPlans).where(eq(organizationPlans.organizationId, id));
  if (!row) throw new Error(`Read plan of "${id}": it has none`);
  const { organizationId: _, tier: __, nameRu: ___, nameEn: ____, ...plan } = row;
  const [overrides] = await tx.select().from(planOverrides).where(eq(planOverrides.organizationId, id));
  const subscription = await readSubscription(tx, id);
  const held = { ...(await documentUse(tx, id)), users: await tx.$count(users, eq(users.organizationId, id)) };
  const [month] = await tx
    .select({
      count: sql<string>`coalesce(sum(${usageTotals.count}), 0)`,
      tokens: sql<string>`coalesce(sum(${usageTotals.promptTokens} + ${usageTotals.completionTokens} + ${usageTotals.cachedTokens}), 0)`,
      cost: sql<string>`coalesce(sum(${usageTotals.cost}), 0)::numeric(20, 8)`,
    })
    .from(usageTotals)
    .where(and(eq(usageTotals.organizationId, id), sql`${usageTotals.month} = ${currentMonth}`));
  return {
    ...toOrganization(organization),
    plan,
    overrides: toOverrides(overrides, await overridesOf(tx, id)),
    held,
    subscription: subscription
      ? {
          ...{ state: subscription.state, tier: subscription.tier, nextTier: subscription.nextTier },
          periodEnd: subscription.periodEnd.toISOString(),
        }
      : null,
    month: { count: Number(month?.count), tokens: Number(month?.tokens), cost: month?.cost ?? '0' },
  };
}
