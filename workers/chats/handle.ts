import { setMenu } from '../../modules/bots/conversation/set-menu.ts';
import { thankPayer } from '../../modules/bots/conversation/thank-payer.ts';
import { chatJob, menuJob, starsJob } from '../../modules/bots/jobs.ts';
import { botSeal } from '../../modules/bots/records/provide-bot-seal.ts';
import { followImage } from '../../modules/bots/skills/image/follow-image.ts';
import { followJob } from '../../modules/bots/skills/image/follow-job.ts';
import { skills } from '../../modules/bots/skills/index.ts';
import { settleStars } from '../../modules/bots/stars/settle-stars.ts';
import { handleChat } from '../../modules/bots/updates/handle-chat.ts';
import { chatPace } from '../../modules/bots/updates/provide-chat-pace.ts';
import { paidOrderJob } from '../../modules/commerce/wallets/index.ts';
import { orderLink } from '../../modules/commerce/wallets/orders/provide-order-link.ts';
import { telegram } from '../../modules/messages/telegram/index.ts';
import { generations } from '../../modules/pictures/generations/provide-generations.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { rateLimiter } from '../../platform/runtime/providers/rate-limiter.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

export const provide = {
  ...{ database, queue, feed, storage, limiter: rateLimiter },
  ...{ telegram, seal: botSeal, skills, perMinute: chatPace, generations, orderLink },
};

/** Answers people in their chats with bots, tells them how far their pictures are, and compares their payments with Telegram's list. */
export async function handle({ payload, signal, log }: Delivery, deps: Provided<typeof provide>): Promise<void> {
  const followed = followJob.schema.safeParse(payload);
  if (followed.success) return followImage(deps, followed.data);
  const stars = starsJob.schema.safeParse(payload);
  if (stars.success) {
    const settled = await settleStars(deps, stars.data, log);
    return log.info({ ...settled }, 'Compared Stars with those of Telegram');
  }
  const paid = paidOrderJob.schema.safeParse(payload);
  if (paid.success) return thankPayer(deps, paid.data);
  const menu = menuJob.schema.safeParse(payload);
  if (menu.success) return setMenu(deps, menu.data);
  await handleChat(deps, chatJob.schema.parse(payload), { signal, log });
}
