import { createNotifications, type Notifications } from '../../capabilities/outbox/index.ts';
import type { Boot } from '../boot.ts';
import { queue } from './queue.ts';

export async function notifications(boot: Boot): Promise<Notifications> {
  return createNotifications(await boot.use(queue));
}
