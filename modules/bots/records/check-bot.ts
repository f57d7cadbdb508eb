import { z } from 'zod';
import { botPausedUntil, readPoll, TelegramFailure } from '../../messages/telegram/index.ts';
import { meSchema } from './add-bot.ts';
import { askTelegram } from './ask-telegram.ts';
import type { BotCheck } from './contract.ts';
import { addressOf, clientOf, type DeliveryDeps, quick } from './delivery.ts';
import type { BotRow } from './find-bot.ts';

const infoSchema = z.object({
  url: z.string(),
  pending_update_count: z.int(),
  last_error_date: z.int().optional(),
  last_error_message: z.string().optional(),
});

/** From here on, times that Telegram states are misread. */
const MOST_CLOCK_MS = 5_000;
/** Telegram keeps the last error for good: what is older has been delivered since. */
const RECENT_MS = 3_600_000;

/** See `Bots.check`. */
export async function checkBot(deps: DeliveryDeps, bot: BotRow): Promise<BotCheck> {
  const { id, organizationId } = bot;
  const stored = await deps.database.tenant(organizationId, async (tx) => ({
    polling: await readPoll(tx, id),
    pausedUntil: await botPausedUntil(tx, { organizationId, botId: id }),
  }));
  const said = await askStanding(deps, bot);
  const check = {
    ...{ id, organizationId, username: bot.username, name: bot.name, state: bot.state, delivery: bot.delivery },
    ...said,
    polling: stored.polling
      ? { problem: stored.polling.problem, polledAt: stored.polling.polledAt?.toISOString() ?? null }
      : null,
    pausedUntil: stored.pausedUntil?.toISOString() ?? null,
  };
  return { ...check, troubles: troublesOf(check, new Date()) };
}

/** What Telegram says. @throws Problem telegram-refused, telegram-unavailable */
async function askStanding(deps: DeliveryDeps, bot: BotRow) {
  const client = await clientOf(deps, bot);
  const began = Date.now();
  let clockAheadMs: number | null = null;
  const onDate = (date: Date) => {
    clockAheadMs = clockAhead(began, Date.now(), date.getTime());
  };
  try {
    const answer = await client.call('getMe', {}, {}, { ...quick, onDate });
    const { username, first_name: name } = meSchema.parse(answer);
    const info = infoSchema.parse(await client.call('getWebhookInfo', {}, {}, quick));
    const { url, pending_update_count: pending, last_error_date: at, last_error_message: lastError = null } = info;
    const lastErrorAt = at === undefined ? null : new Date(at * 1000).toISOString();
    const isOurs = url === addressOf(deps.origin, bot.id);
    return {
      ...{ username, name, isAuthorized: true, clockAheadMs: clockAheadMs as number | null },
      webhook: { isSet: url !== '', isOurs, pending, lastError, lastErrorAt },
    };
  } catch (error) {
    const isVoid = error instanceof TelegramFailure && error.reason === 'unauthorized';
    if (isVoid) return { isAuthorized: false, clockAheadMs: clockAheadMs as number | null, webhook: null };
    return askTelegram(() => Promise.reject(error));
  }
}

/**
 * Milliseconds that a clock is ahead of another one, which was read between `began` and `ended` and tells whole seconds alone; 0 when the
 * readings agree.
 */
export function clockAhead(began: number, ended: number, date: number): number {
  if (ended < date) return ended - date;
  return Math.max(0, began - (date + 1_000));
}

/** What keeps a bot from working; one that its organization has stopped has none. */
export function troublesOf(check: Omit<BotCheck, 'troubles'>, now: Date): string[] {
  const { state, delivery, isAuthorized, clockAheadMs, webhook, polling } = check;
  if (state === 'stopped') return [];
  if (!isAuthorized) return ['Telegram does not accept its token'];
  const found: string[] = [];
  if (state === 'unauthorized') found.push('its token was refused before, and it answers no one until a token is set');
  if (webhook && delivery === 'webhook') {
    if (!webhook.isSet) found.push('no webhook is set');
    else if (!webhook.isOurs) found.push('its webhook leads to another address');
    const isRecent = webhook.lastErrorAt !== null && now.getTime() - Date.parse(webhook.lastErrorAt) < RECENT_MS;
    if (isRecent) found.push(`webhook: ${webhook.lastError}, ${webhook.pending} updates pending`);
  }
  if (webhook && delivery === 'polling') {
    if (webhook.isSet) found.push('a webhook is set, so that polling gets nothing');
    else if (polling?.problem === 'other-poller') found.push('another program polls it');
  }
  if (clockAheadMs !== null && Math.abs(clockAheadMs) > MOST_CLOCK_MS) {
    found.push(`the clock here is off by ${Math.round(clockAheadMs / 1_000)} s`);
  }
  return found;
}
