import { createQueue, type Queue } from '../../capabilities/queue/index.ts';
import type { Boot } from '../boot.ts';
import { required } from './required.ts';

export function queue(boot: Boot): Queue {
  const { DATABASE_URL } = boot.environment('DATABASE_URL');
  const made = createQueue(required('DATABASE_URL', DATABASE_URL));
  boot.onClose(() => made.close());
  return made;
}
