import { z } from 'zod';
import type { BotSettings, SkillName } from '../contract.ts';

export const skillNames = ['tarot', 'ask', 'image'] as const satisfies readonly SkillName[];

const perDay = z.int().min(0).max(1000);

const pack = z.object({
  amount: z.int().min(1).max(100_000),
  stars: z.int().min(1).max(10_000),
  price: z.int().min(100).max(10_000_000).optional(),
  monthly: z.literal(true).optional(),
});

/** Settings of a bot; what is missing has its default. */
export const settingsSchema: z.ZodType<BotSettings, object> = z.object({
  free: z.object({ reading: perDay.optional(), image: perDay.optional() }).default({ reading: 1 }),
  route: z.string().min(1).max(100).optional(),
  reversed: z.boolean().default(true),
  adultsOnly: z.boolean().default(false),
  referralBonus: z.int().min(0).max(100).default(1),
  support: z.string().min(1).max(200).optional(),
  packs: z.partialRecord(z.enum(['reading', 'image']), z.array(pack).max(10)).optional(),
  terms: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
});
