import { sql } from 'drizzle-orm';
import { bigint, integer, pgView, text, uuid } from 'drizzle-orm/pg-core';
import type { ModelPolicy } from './subscription-plans.ts';

const overridable = [
  'questions_per_day',
  'questions_per_month',
  'concurrent_questions',
  'documents',
  'users',
  'model_policy',
  'max_tokens_per_question',
  'file_bytes',
  'storage_bytes',
];
const figures = sql.raw(overridable.map((column) => `coalesce(v.${column}, p.${column}) as ${column}`).join(', '));

/** What each organization may do: the figures of its plan, or what an administrator put in their place. */
export const organizationPlans = pgView('organization_plans', {
  organizationId: uuid().notNull(),
  tier: text().notNull(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  questionsPerDay: integer().notNull(),
  questionsPerMonth: integer().notNull(),
  concurrentQuestions: integer().notNull(),
  documents: integer().notNull(),
  users: integer().notNull(),
  modelPolicy: text().$type<ModelPolicy>().notNull(),
  maxTokensPerQuestion: integer().notNull(),
  fileBytes: bigint({ mode: 'number' }).notNull(),
  storageBytes: bigint({ mode: 'number' }).notNull(),
})
  // The reader's own policies apply, not those of the view's owner.
  .with({ securityInvoker: true })
  .as(
    sql`select o.id as organization_id, p.tier, p.name_ru, p.name_en, ${figures}
      from organizations o
      join subscription_plans p on p.tier = o.tier
      left join plan_overrides v on v.organization_id = o.id`,
  );
