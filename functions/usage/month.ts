import { z } from '@hono/zod-openapi';

export const monthQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-03')
    .optional()
    .openapi({ description: 'UTC; default: the current month', example: '2026-03' }),
});

/** The first day of a month, `2026-03-01`; of the current one without a month. */
export const firstDayOf = (month: string | undefined): string => `${month ?? new Date().toISOString().slice(0, 7)}-01`;

/** What was used, in sums. */
export const sums = {
  count: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  cachedTokens: z.int().openapi({ description: 'Part of the prompt tokens' }),
  cost: z.string().openapi({ description: 'Roubles, exact', example: '12.34000000' }),
};
