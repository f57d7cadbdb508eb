import { z } from '@hono/zod-openapi';
import { limitPeriods } from '../../db/schema/commerce/plan-limits.ts';
import { allUnits } from '../../db/units.ts';
import { hasFigure } from '../../modules/commerce/metering/index.ts';

const count = (max = 1_000_000_000) => z.int().min(0).max(max);
const bytes = z
  .int()
  .min(1)
  .max(1024 ** 5);

/** What a plan allows, within bounds that the database and the code hold. */
export const figures = {
  questionsPerDay: count(),
  questionsPerMonth: count(),
  concurrentQuestions: count(10_000).min(1),
  documents: count(),
  users: count(1_000_000).min(1),
  modelPolicy: z.enum(['standard', 'advanced', 'advanced-when-complex']),
  maxTokensPerQuestion: count(1_000_000).min(1),
  fileBytes: bytes,
  storageBytes: bytes,
};

const limitFields = {
  unit: z.string().refine((name) => allUnits().some(([unit]) => unit === name), 'not a unit'),
  period: z.enum(limitPeriods),
  amount: count(Number.MAX_SAFE_INTEGER),
};

/** Limits of units that have no figure. */
export const unitLimitsSchema = z
  .array(z.strictObject(limitFields).refine((limit) => !hasFigure(limit), 'has a figure of its own'))
  .max(100)
  .openapi({ description: 'Limits of other units; those that are not named stay' });

const overriddenSchema = z
  .array(
    z
      .strictObject({ ...limitFields, until: z.iso.datetime().optional() })
      .refine(
        (limit) => !hasFigure(limit) || (limit.until !== undefined && limit.period !== 'held'),
        'has a figure of its own, unless it is counted and ends',
      ),
  )
  .max(100)
  .openapi({ description: 'Limits of other units, and limits that end at a time' });

export const overridesSchema = z
  .strictObject({
    ...(Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure.nullable()])) as {
      [Name in keyof typeof figures]: z.ZodNullable<(typeof figures)[Name]>;
    }),
    units: overriddenSchema.optional(),
  })
  .openapi('PlanOverrides', { description: "Null keeps the plan's value" });
