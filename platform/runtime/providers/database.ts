import { createDatabase, type Database } from '../../../db/client.ts';
import type { Boot } from '../boot.ts';
import { required } from './required.ts';

export async function database(boot: Boot): Promise<Database> {
  const { DATABASE_URL } = boot.environment('DATABASE_URL');
  const made = createDatabase({ url: required('DATABASE_URL', DATABASE_URL), applicationName: `pandect ${boot.name}` });
  boot.onReady(() => made.check());
  boot.onClose(() => made.close());
  return made;
}
