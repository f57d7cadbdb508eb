import { z } from 'zod';
import { askTelegram } from './ask-telegram.ts';
import type { BotCheck } from './contract.ts';
import { addressOf, clientOf, type DeliveryDeps } from './delivery.ts';
import type { BotRow } from './find-bot.ts';

const infoSchema = z.object({
  url: z.string(),
  pending_update_count: z.int(),
  last_error_date: z.int().optional(),
  last_error_message: z.string().optional(),
});

/** See `Bots.check`. */
export async function checkBot(deps: DeliveryDeps, bot: BotRow): Promise<BotCheck> {
  const client = await clientOf(deps, bot);
  await askTelegram(() => client.call('getMe'));
  const info = infoSchema.parse(await askTelegram(() => client.call('getWebhookInfo')));
  const { url, pending_update_count: pending, last_error_date: at, last_error_message: lastError = null } = info;
  return {
    ...{ username: bot.username, delivery: bot.delivery },
    webhook: {
      ...{ isSet: url !== '', isOurs: url === addressOf(deps.origin, bot.id), pending, lastError },
      lastErrorAt: at === undefined ? null : new Date(at * 1000).toISOString(),
    },
  };
}
