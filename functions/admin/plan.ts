import { z } from '@hono/zod-openapi';
import type { Transaction } from '../../db/client.ts';
import { MOST_KOPECKS, type Plan, readPlans } from '../../modules/commerce/billing/index.ts';
import { planLimitsOf, type SetLimit } from '../../modules/commerce/metering/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import { words } from '../../platform/runtime/http/operation.ts';
import { figures, unitLimitsSchema } from './plan-figures.ts';

const fields = {
  nameRu: words(100),
  nameEn: words(100),
  price: z.int().min(0).max(MOST_KOPECKS).openapi({ description: 'Kopecks a month' }),
  ...figures,
  features: z.array(words(100)).max(50),
  units: unitLimitsSchema.optional(),
};

export const planChangeSchema = z.strictObject(fields);
export const planSchema = z.strictObject({ tier: z.string(), ...fields }).openapi('AdministeredPlan');

export const tierParameter = z.object({
  tier: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/)
    .openapi({ param: { name: 'tier', in: 'path' }, example: 'basic' }),
});

/** @throws Problem not-found */
export async function findPlan(tx: Transaction, tier: string): Promise<Plan & { units: SetLimit[] }> {
  const plan = (await readPlans(tx)).find((row) => row.tier === tier);
  if (!plan) throw new Problem(notFound);
  return { ...plan, units: await planLimitsOf(tx, tier) };
}
