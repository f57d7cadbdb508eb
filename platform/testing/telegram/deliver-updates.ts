import type { Context, PendingUpdate, TelegramBot, Webhook } from './state.ts';
import { seconds } from './state.ts';

/** One call of a webhook. */
export interface Delivery {
  updateId: number;
  /** Undefined when no answer came. */
  status: number | undefined;
  ms: number;
}

export interface Deliverer {
  /** Delivers what waits, as far as it may be delivered now. */
  pump(bot: TelegramBot): void;
  readonly deliveries: Delivery[];
  close(): void;
}

/**
 * Calls webhooks: updates of a line one after another, each again until it is answered with 2xx.
 * @param reply does what the answer of a webhook asks for
 */
export function createDeliverer(
  context: Context,
  reply: (bot: TelegramBot, body: Record<string, unknown>) => Promise<void>,
): Deliverer {
  const busy = new Map<TelegramBot, Set<string>>();
  const timers = new Set<NodeJS.Timeout>();
  const deliveries: Delivery[] = [];
  let isClosed = false;

  const again = (bot: TelegramBot, pending: PendingUpdate) => {
    pending.isDelayed = true;
    const timer = setTimeout(() => {
      timers.delete(timer);
      pending.isDelayed = false;
      pump(bot);
    }, context.settings.redeliverMs);
    timers.add(timer);
  };

  const deliver = async (bot: TelegramBot, webhook: Webhook, pending: PendingUpdate) => {
    const { update } = pending;
    const started = performance.now();
    let status: number | undefined;
    let failure = 'Connection timed out';
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(webhook.secret && { 'x-telegram-bot-api-secret-token': webhook.secret }),
        },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: AbortSignal.timeout(context.settings.webhookTimeoutMs),
      });
      status = response.status;
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) {
        bot.pending = bot.pending.filter((one) => one !== pending);
        if (typeof body === 'object' && body !== null && 'method' in body) await reply(bot, { ...body });
      }
      failure = `Wrong response from the webhook: ${status} ${response.statusText}`;
    } catch {}
    deliveries.push({ updateId: update.update_id, status, ms: performance.now() - started });
    if (bot.pending.includes(pending)) {
      webhook.lastError = { date: seconds(context), message: failure };
      again(bot, pending);
    }
    context.changed();
  };

  const pump = (bot: TelegramBot) => {
    const { webhook } = bot;
    if (!webhook || isClosed || bot.isRevoked) return;
    const lines = busy.get(bot) ?? new Set<string>();
    busy.set(bot, lines);
    const seen = new Set<string>();
    for (const pending of bot.pending) {
      if (lines.size >= webhook.maxConnections) return;
      const isFirst = !lines.has(pending.line) && !seen.has(pending.line);
      seen.add(pending.line);
      if (!isFirst || pending.isDelayed) continue;
      lines.add(pending.line);
      void deliver(bot, webhook, pending).finally(() => {
        lines.delete(pending.line);
        pump(bot);
      });
    }
  };

  return {
    pump,
    deliveries,
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
