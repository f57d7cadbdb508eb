import { z } from 'zod';
import { findBotRow } from '../records/find-bot.ts';
import { isHashed, organizationOf } from '../records/webhook-secret.ts';
import { type AcceptDeps, createAcceptUpdate } from './accept-update.ts';
import type { AwaitedCall } from './contract.ts';

/** What Telegram sends to the webhooks of all bots. */
export interface Receiver {
  /**
   * Stores an update when the secret is the bot's.
   * @param secret as the header has it
   * @returns `unknown` for a bot that is not there or has another secret; else what Telegram waits for, if anything
   */
  receive(botId: string, secret: string, body: unknown): Promise<'unknown' | AwaitedCall | undefined>;
}

/** So long a bot is not looked up again; one whose secret has changed is heard after it at the latest. */
const KNOWN_MS = 5_000;
const MOST_KNOWN = 10_000;

interface Known {
  organizationId: string;
  secretHash: string;
  until: number;
}

export function createReceiver(deps: AcceptDeps): Receiver {
  const known = new Map<string, Known>();
  const accept = createAcceptUpdate(deps);

  async function lookUp(botId: string, secret: string): Promise<Known | undefined> {
    const kept = known.get(botId);
    if (kept && kept.until > performance.now()) return kept;
    const organizationId = organizationOf(secret);
    if (organizationId === undefined || !z.uuid().safeParse(botId).success) return undefined;
    const row = await deps.database.tenant(organizationId, (tx) => findBotRow(tx, botId));
    if (!row) return undefined;
    const found = { organizationId, secretHash: row.secretHash, until: performance.now() + KNOWN_MS };
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(botId, found);
    return found;
  }

  return {
    async receive(botId, secret, body) {
      const bot = await lookUp(botId, secret);
      if (!bot || !isHashed(secret, bot.secretHash)) return 'unknown';
      return accept({ id: botId, organizationId: bot.organizationId }, body);
    },
  };
}
