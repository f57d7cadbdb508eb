import { notifications } from '../../../db/schema/messages/notifications.ts';
import type { Queue } from '../queue/index.ts';
import type { Notifications } from './contract.ts';
import { notifyJob } from './notify-job.ts';

export type { Notification, NotificationParameters, Notifications } from './contract.ts';
export { notifyJob } from './notify-job.ts';

/** E-mails are rows; the worker `notify` gets a job for each new one. */
export function createNotifications(queue: Queue): Notifications {
  return {
    async send(tx, notification) {
      const [row] = await tx
        .insert(notifications)
        .values({ ...notification, parameters: { ...notification.parameters } })
        .onConflictDoNothing()
        .returning({ id: notifications.id });
      if (row) await queue.send(tx, notifyJob, { notificationId: row.id }, { group: notification.organizationId });
    },
  };
}
