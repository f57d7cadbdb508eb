import { z } from '@hono/zod-openapi';

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

export const overridesSchema = z
  .strictObject(
    Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure.nullable()])) as {
      [Name in keyof typeof figures]: z.ZodNullable<(typeof figures)[Name]>;
    },
  )
  .openapi('PlanOverrides', { description: "Null keeps the plan's value" });
