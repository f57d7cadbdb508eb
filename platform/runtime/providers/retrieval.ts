import { createRetrieval, type Retrieval } from '../../capabilities/retrieval/index.ts';
import type { Boot } from '../boot.ts';
import { ai } from './ai.ts';
import { database } from './database.ts';
import { vectors } from './vectors.ts';

export async function retrieval(boot: Boot): Promise<Retrieval> {
  return createRetrieval(await boot.useAll({ database, vectors, ai }));
}
