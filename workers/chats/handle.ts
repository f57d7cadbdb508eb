import { z } from 'zod';
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

const jobs = z.discriminatedUnion('kind', [
  chatJob.schema,
  followJob.schema,
  starsJob.schema,
  paidOrderJob.schema,
  menuJob.schema,
]);

/** Answers people in their chats with bots, tells them how far their pictures are, and compares their payments with Telegram's list. */
export async function handle(
  { payload, signal, log, refused }: Delivery,
  deps: Provided<typeof provide>,
): Promise<void> {
  const job = jobs.parse(payload);
  switch (job.kind) {
    case 'chat':
      return handleChat(deps, job, { signal, log, refused });
    case 'image':
      return followImage(deps, job);
    case 'paid-order':
      return thankPayer(deps, job);
    case 'menu':
      return setMenu(deps, job);
    case 'stars': {
      const settled = await settleStars(deps, job, log);
      log.info({ ...settled }, 'Compared Stars with those of Telegram');
    }
  }
}
