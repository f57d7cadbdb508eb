import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { subscriptionPlans } from '../../db/schema/commerce/subscription-plans.ts';
import { notifications } from '../../db/schema/messages/notifications.ts';
import { mailer } from '../../modules/messages/mailer.ts';
import { renderForChat } from '../../modules/messages/render-for-chat.ts';
import { renderMail } from '../../modules/messages/render-mail.ts';
import { sendInChat } from '../../modules/messages/telegram/index.ts';
import { chatsForLetters } from '../../modules/people/linked/index.ts';
import { MailFailure } from '../../platform/capabilities/mail/index.ts';
import { type NotificationParameters, notifyJob } from '../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { publicOrigin } from '../../platform/runtime/providers/public-origin.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

export const provide = { database, mailer, queue, origin: publicOrigin };

/**
 * queued → sent | failed. The row stays locked while its e-mail is handed over, so that two deliveries of one job wait for each
 * other and the second finds it sent; a process that dies in between leaves it queued. Only when it dies between the mail server's
 * last word and the commit is an e-mail sent twice, under one Message-ID. Who has linked a chat is told there as well, once.
 */
export async function handle(delivery: Delivery, deps: Provided<typeof provide>): Promise<void> {
  const { notificationId } = notifyJob.schema.parse(delivery.payload);
  const failure = await deps.database.transaction(async (tx) => {
    const [row] = await tx.select().from(notifications).where(eq(notifications.id, notificationId)).for('update');
    // Sent or given up by an earlier delivery, or gone with its organization.
    if (!row || Object.keys(row.parameters).length === 0) return;
    const close = (state: 'sent' | 'failed', parameters = {}) =>
      tx.update(notifications).set({ state, parameters, closedAt: sql`now()` }).where(eq(notifications.id, row.id));
    const named = await withPlanName(tx, row.language, row.parameters);
    const parameters = named as NotificationParameters[typeof row.kind];
    const isTold = await tellInChats(tx, deps, row, parameters);
    if (!deps.mailer) return void (await close(isTold ? 'sent' : 'failed'));

    const mail = renderMail(row.kind, row.language, parameters, deps.origin);
    try {
      await deps.mailer.send(row.id, row.email, mail, delivery.signal);
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error;
      if (error.permanent) {
        delivery.log.warn({ kind: row.kind, reason: error.message }, 'E-mail is refused for good');
        return void (await close('failed'));
      }
      // With its parameters, an operator may have the job done after all.
      if (delivery.lastAttempt) await close('failed', row.parameters);
      return error;
    }
    await close('sent');
  });
  if (failure) throw failure;
}

/** @returns whether the person has a chat in which the letter is sent */
async function tellInChats(
  tx: Transaction,
  { queue: jobs, origin }: { queue: Queue; origin: string },
  { id, kind, language, organizationId, email }: typeof notifications.$inferSelect,
  parameters: NotificationParameters[typeof kind],
): Promise<boolean> {
  const text = renderForChat(kind, language, parameters, origin);
  if (!text) return false;
  const chats = await chatsForLetters(tx, { organizationId, email });
  for (const chat of chats) {
    const message = { organizationId, ...chat, occasion: `letter:${id}`, step: 'letter' };
    await sendInChat(tx, jobs, { ...message, action: { kind: 'text', text } });
  }
  return chats.length > 0;
}

/** Plans are named by their keys; people know them by their names. */
async function withPlanName(tx: Transaction, language: 'ru' | 'en', parameters: Record<string, string | number>) {
  if (typeof parameters.tier !== 'string') return parameters;
  const name = language === 'ru' ? subscriptionPlans.nameRu : subscriptionPlans.nameEn;
  const [plan] = await tx.select({ name }).from(subscriptionPlans).where(eq(subscriptionPlans.tier, parameters.tier));
  return { ...parameters, tier: plan?.name ?? parameters.tier };
}
