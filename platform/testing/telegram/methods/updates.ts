import { badRequest, conflict } from '../refusal.ts';
import type { PendingUpdate, TelegramBot, Update } from '../state.ts';
import type { Call, Method } from './contract.ts';

const PORTS = new Set(['', '80', '88', '443', '8443']);
const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

function readAllowed({ params, bot }: Call): void {
  const allowed = params.json('allowed_updates');
  if (allowed === undefined) return;
  if (!Array.isArray(allowed)) throw badRequest('expected "allowed_updates" to be an Array');
  bot.allowedUpdates = allowed.length === 0 ? undefined : allowed.map(String);
}

/** As a Bot API server on one's own machine does, plain HTTP is called there. */
function checkAddress(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (!isLocal && url?.protocol !== 'https:')
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!isLocal && !PORTS.has(url.port)) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
}

const deleteWebhook: Method = ({ bot, params, context }) => {
  bot.webhook = undefined;
  if (params.flag('drop_pending_updates')) bot.pending = [];
  context.changed();
  return true;
};

const setWebhook: Method = (call) => {
  const { bot, params, context } = call;
  const url = params.text('url') ?? '';
  if (url === '') return deleteWebhook(call);
  checkAddress(url);
  const secret = params.text('secret_token') ?? '';
  if (secret !== '' && !/^[A-Za-z0-9_-]{1,256}$/.test(secret)) {
    throw badRequest('secret token contains unallowed characters');
  }
  const maxConnections = params.number('max_connections') ?? 40;
  if (maxConnections < 1 || maxConnections > 100) throw badRequest('max_connections is invalid');
  readAllowed(call);
  if (params.flag('drop_pending_updates')) bot.pending = [];
  endPoll(bot, 'webhook');
  bot.webhook = { url, secret, maxConnections };
  context.changed();
  return true;
};

const getWebhookInfo: Method = ({ bot }) => {
  const { url = '', maxConnections, lastError } = bot.webhook ?? {};
  return {
    ...{ url, has_custom_certificate: false, pending_update_count: bot.pending.length },
    ...(lastError && { last_error_date: lastError.date, last_error_message: lastError.message }),
    ...(maxConnections !== undefined && { max_connections: maxConnections }),
    ...(bot.allowedUpdates && { allowed_updates: bot.allowedUpdates }),
  };
};

function endPoll(bot: TelegramBot, reason: 'conflict' | 'webhook'): void {
  const { poll } = bot;
  bot.poll = undefined;
  poll?.(reason);
}

/** Drops what the offset confirms. */
function confirm(bot: TelegramBot, offset: number): void {
  bot.pending = offset < 0 ? bot.pending.slice(offset) : bot.pending.filter(({ update }) => update.update_id >= offset);
}

const getUpdates: Method = async (call) => {
  const { bot, params, signal } = call;
  const offset = params.number('offset') ?? 0;
  const limit = Math.min(Math.max(params.number('limit') ?? 100, 1), 100);
  const timeoutMs = Math.min(Math.max(params.number('timeout') ?? 0, 0), 50) * 1000;
  readAllowed(call);
  if (bot.webhook) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  endPoll(bot, 'conflict');
  confirm(bot, offset);
  if (bot.pending.length === 0 && timeoutMs > 0) await wait(bot, timeoutMs, signal);
  return bot.pending.slice(0, limit).map(({ update }: PendingUpdate): Update => update);
};

/** @throws TelegramRefusal 409 when another poll or a webhook takes its place */
async function wait(bot: TelegramBot, timeoutMs: number, signal: AbortSignal): Promise<void> {
  let own: TelegramBot['poll'];
  const reason = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve('closed'), timeoutMs);
    const end = (why: 'update' | 'conflict' | 'webhook' | 'closed') => {
      clearTimeout(timer);
      resolve(why);
    };
    bot.poll = end;
    own = end;
    signal.addEventListener('abort', () => end('closed'), { once: true });
  });
  if (reason === 'conflict') {
    throw conflict('terminated by other getUpdates request; make sure that only one bot instance is running');
  }
  if (reason === 'webhook') throw conflict('terminated by setWebhook request');
  if (bot.poll === own) bot.poll = undefined;
}

export const updateMethods: Record<string, Method> = { setWebhook, deleteWebhook, getWebhookInfo, getUpdates };
