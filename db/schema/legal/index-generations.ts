import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, platformRole, tenantRole } from '../access.ts';

/** building → verified → live → kept → removed; building | verified → removed when a build is given up; kept → live by a rollback. */
export const generationStates = ['building', 'verified', 'live', 'kept', 'removed'] as const;
export type GenerationState = (typeof generationStates)[number];

/**
 * A whole index of the platform: chunks cut by one chunker, embedded by one model, held by one store. Searches use the
 * live one; another is built next to it. Not tenant data: everybody may read which one is live.
 */
export const indexGenerations = pgTable(
  'index_generations',
  {
    generation: integer().primaryKey(),
    state: text().$type<GenerationState>().notNull(),
    chunker: text().notNull(),
    embeddingModel: text().notNull(),
    dimensions: integer().notNull(),
    store: text().$type<'sqlite' | 'qdrant'>().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
    verifiedAt: timestamp({ withTimezone: true, precision: 3 }),
    liveAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  () => [everyRow('index_generations', tenantRole), everyRow('index_generations', platformRole)],
);
