import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { readPlans, topUpPacks, unitPacks } from '../../../modules/commerce/billing/index.ts';
import { planUnits, titleOf } from '../../../modules/commerce/metering/index.ts';
import { json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const kopecks = z.int().openapi({ description: 'Kopecks', example: 500_000 });

const planSchema = z
  .strictObject({
    tier: z.string().openapi({ example: 'basic' }),
    name: z.strictObject({ ru: z.string(), en: z.string() }),
    price: kopecks.openapi({ description: 'Kopecks a month' }),
    questionsPerDay: z.int(),
    questionsPerMonth: z.int(),
    concurrentQuestions: z.int(),
    documents: z.int(),
    users: z.int(),
    modelPolicy: z.enum(['standard', 'advanced', 'advanced-when-complex']),
    maxTokensPerQuestion: z.int(),
    fileBytes: z.int(),
    storageBytes: z.int(),
    features: z.array(z.string()),
    units: z
      .array(
        z.strictObject({
          unit: z.string().openapi({ description: 'More units may be added', example: 'question' }),
          name: z.strictObject({ ru: z.string(), en: z.string() }),
          period: z.enum(['day', 'month']).optional(),
          amount: z.int(),
        }),
      )
      .openapi({ description: 'What the plan allows by unit, the figures above among them' }),
  })
  .openapi('Plan');

const packSchema = z.strictObject({ questions: z.int(), price: kopecks }).openapi('TopUpPack');

const unitPackSchema = z
  .strictObject({
    unit: z.string(),
    name: z.strictObject({ ru: z.string(), en: z.string() }),
    amount: z.int(),
    price: kopecks,
  })
  .openapi('UnitPack');

const route = createRoute({
  method: 'get',
  path: '/api/plans',
  operationId: 'listPlans',
  tags: ['billing'],
  summary: 'What can be had for which price',
  responses: {
    200: json(
      z.strictObject({
        currency: z.literal('RUB'),
        items: z.array(planSchema),
        topUps: z.array(packSchema),
        packs: z.array(unitPackSchema),
      }),
      'The plans, the cheapest first, and the packs of additional questions and of all units',
    ),
    ...problems(),
  },
});

export function listPlans(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const [plans, unitsOf] = await database.transaction(
      async (tx) => [await readPlans(tx), await planUnits(tx)] as const,
    );
    const items = plans.map(({ nameRu, nameEn, ...plan }) => ({
      ...plan,
      name: { ru: nameRu, en: nameEn },
      units: unitsOf(plan.tier),
    }));
    return c.json(
      {
        currency: 'RUB' as const,
        items,
        topUps: topUpPacks.map(({ questions, price }) => ({ questions, price })),
        packs: unitPacks().map((pack) => ({ ...pack, name: titleOf(pack.unit) })),
      },
      200,
    );
  });
}
