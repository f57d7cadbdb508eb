import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { indexGenerations } from './schema/legal/index-generations.ts';

type Settings = Pick<typeof indexGenerations.$inferInsert, 'chunker' | 'embeddingModel' | 'dimensions' | 'store'>;

/** Makes the index generation that everything begins with; where there is one, whatever became of it, nothing happens. */
export async function seedGeneration(orm: PostgresJsDatabase, settings: Settings): Promise<void> {
  await orm
    .insert(indexGenerations)
    .values({ generation: 1, state: 'live', liveAt: new Date(), ...settings })
    .onConflictDoNothing({ target: indexGenerations.generation });
}
