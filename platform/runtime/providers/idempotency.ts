import { createIdempotency, type Idempotency } from '../../capabilities/idempotency/index.ts';
import type { Boot } from '../boot.ts';
import { database } from './database.ts';

export async function idempotency(boot: Boot): Promise<Idempotency> {
  return createIdempotency(await boot.use(database));
}
