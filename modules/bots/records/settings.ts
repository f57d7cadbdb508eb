import { z } from 'zod';
import type { BotSettings, SkillName } from '../contract.ts';

export const skillNames = ['tarot', 'ask', 'image'] as const satisfies readonly SkillName[];

const perDay = z.int().min(0).max(1000);

/** What each setting may be, as administrators give it and as it is stored. */
export const settingFields = {
  free: z.object({ reading: perDay.optional(), image: perDay.optional() }),
  route: z.string().min(1).max(100),
  reversed: z.boolean(),
  adultsOnly: z.boolean(),
  referralBonus: z.int().min(0).max(100),
  terms: z.url({ protocol: /^https$/ }).max(500),
};

/** `price` is kopecks. */
export const packFields = {
  amount: z.int().min(1).max(100_000),
  stars: z.int().min(1).max(10_000),
  price: z.int().min(100).max(10_000_000),
  monthly: z.literal(true).optional(),
};

/** @param pack one of them */
export const packsOf = <Pack extends z.ZodType>(pack: Pack) =>
  z.partialRecord(z.enum(['reading', 'image']), z.array(pack).max(10));

/** Settings of a bot; what is missing has its default. */
export const settingsSchema: z.ZodType<BotSettings, object> = z.object({
  free: settingFields.free.default({ reading: 1 }),
  route: settingFields.route.optional(),
  reversed: settingFields.reversed.default(true),
  adultsOnly: settingFields.adultsOnly.default(false),
  referralBonus: settingFields.referralBonus.default(1),
  support: z.string().min(1).max(200).optional(),
  packs: packsOf(z.object({ ...packFields, price: packFields.price.optional() })).optional(),
  terms: settingFields.terms.optional(),
});
