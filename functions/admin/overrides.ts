import type { z } from '@hono/zod-openapi';
import type { planOverrides } from '../../db/schema/commerce/plan-overrides.ts';
import type { overridesOf } from '../../modules/commerce/metering/index.ts';
import type { overridesSchema } from './plan-figures.ts';

type Overrides = z.output<typeof overridesSchema>;

/** Without a row nothing is overridden. */
export const toOverrides = (
  row: typeof planOverrides.$inferSelect | undefined,
  units: Awaited<ReturnType<typeof overridesOf>>,
): Overrides => ({
  questionsPerDay: row?.questionsPerDay ?? null,
  questionsPerMonth: row?.questionsPerMonth ?? null,
  concurrentQuestions: row?.concurrentQuestions ?? null,
  documents: row?.documents ?? null,
  users: row?.users ?? null,
  modelPolicy: row?.modelPolicy ?? null,
  maxTokensPerQuestion: row?.maxTokensPerQuestion ?? null,
  fileBytes: row?.fileBytes ?? null,
  storageBytes: row?.storageBytes ?? null,
  units: units.map(({ until, ...limit }) => ({ ...limit, ...(until && { until: until.toISOString() }) })),
});
