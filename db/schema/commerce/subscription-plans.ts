import { bigint, integer, jsonb, numeric, pgTable, text } from 'drizzle-orm/pg-core';

/** How a plan chooses between the model aliases. */
export type ModelPolicy = 'standard' | 'advanced' | 'advanced-when-complex';

/** The one place where a plan's figures live; code reads them from here. Not tenant data: everybody may read it. */
export const subscriptionPlans = pgTable('subscription_plans', {
  tier: text().primaryKey(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  /** Roubles a month. */
  price: numeric({ precision: 12, scale: 2 }).notNull(),
  questionsPerDay: integer().notNull(),
  questionsPerMonth: integer().notNull(),
  /** Questions in work at the same time. */
  concurrentQuestions: integer().notNull(),
  documents: integer().notNull(),
  users: integer().notNull(),
  modelPolicy: text().$type<ModelPolicy>().notNull(),
  maxTokensPerQuestion: integer().notNull(),
  fileBytes: bigint({ mode: 'number' }).notNull(),
  storageBytes: bigint({ mode: 'number' }).notNull(),
  features: jsonb().$type<string[]>().notNull(),
});
