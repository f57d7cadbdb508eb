import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { type BotDelivery, bots } from '../../../db/schema/bots/bots.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { startPolling, type Telegram, type TelegramClient } from '../../messages/telegram/index.ts';
import { recordAct } from '../../people/record-act.ts';
import { allowedUpdates } from '../updates/read-update.ts';
import { askTelegram } from './ask-telegram.ts';
import type { BotSeal } from './bot-seal.ts';
import type { BotRow } from './find-bot.ts';

export interface DeliveryDeps {
  database: Database;
  queue: Queue;
  seal: BotSeal;
  telegram: Telegram;
  /** Where Telegram reaches the platform, without a slash at its end. */
  origin: string;
  /** How the updates of new bots come. */
  delivery: BotDelivery;
}

type Located = Pick<BotRow, 'id' | 'organizationId'>;

export const addressOf = (origin: string, id: string): string => `${origin}/api/bots/${id}/telegram`;

/** A request waits for Telegram's answer. */
export const quick = { timeoutMs: 4_000 };

/** Has Telegram send updates here, or hold them until they are polled. @throws Problem telegram-refused, telegram-unavailable, bot-token-refused */
export async function beginDelivery(
  deps: DeliveryDeps,
  tx: Transaction,
  bot: BotRow,
  client: TelegramClient,
): Promise<void> {
  const { id, organizationId, delivery, secretSealed } = bot;
  if (delivery === 'polling') {
    await askTelegram(() => client.call('deleteWebhook', {}, {}, quick));
    await startPolling(tx, deps.queue, { organizationId, botId: id });
    return;
  }
  const secret = await deps.seal.open({ organizationId, botId: id, kind: 'secret' }, secretSealed);
  await askTelegram(() =>
    client.call(
      'setWebhook',
      {
        ...{ url: addressOf(deps.origin, id), secret_token: secret, allowed_updates: [...allowedUpdates] },
        max_connections: 40,
      },
      {},
      quick,
    ),
  );
}

/** Telegram sends nothing any more; it holds what comes for a day. @throws Problem */
export const endDelivery = async (deps: DeliveryDeps, bot: BotRow): Promise<void> => {
  const client = await clientOf(deps, bot);
  await askTelegram(() => client.call('deleteWebhook', {}, {}, quick));
};

export const clientOf = async (
  { seal, telegram }: Pick<DeliveryDeps, 'seal' | 'telegram'>,
  { id, organizationId, tokenSealed }: Located & Pick<BotRow, 'tokenSealed'>,
): Promise<TelegramClient> => telegram(await seal.open({ organizationId, botId: id, kind: 'token' }, tokenSealed));

/** As the operator asks. @throws Problem */
export async function changeDelivery(deps: DeliveryDeps, bot: BotRow, delivery: BotDelivery): Promise<BotRow> {
  const changed = { ...bot, delivery };
  // Telegram has the last word: what it refuses stays as it was.
  const client = await clientOf(deps, bot);
  await deps.database.tenant(bot.organizationId, async (tx) => {
    await tx.update(bots).set({ delivery }).where(eq(bots.id, bot.id));
    const act = { actor: 'operator', action: 'set-bot-delivery', target: bot.id, details: { delivery } };
    await recordAct(tx, { organizationId: bot.organizationId, ...act });
    await beginDelivery(deps, tx, changed, client);
  });
  return changed;
}
