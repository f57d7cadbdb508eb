import type { Boot } from '../../platform/runtime/boot.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { createNotifications, type Notifications } from './index.ts';

export async function notifications(boot: Boot): Promise<Notifications> {
  return createNotifications(await boot.use(queue));
}
