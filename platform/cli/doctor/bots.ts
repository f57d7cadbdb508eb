import { ask } from '../control-client.ts';
import type { BotHealth } from '../operator-answers.ts';
import type { Facts } from './facts.ts';
import { ok, type Verdict, warn } from './finding.ts';

export async function checkBots({ running }: Facts): Promise<Verdict | undefined> {
  if (!running) return undefined;
  return judgeBots(await ask<BotHealth>('GET', '/operator/bots/health'));
}

/** Bots belong to organizations: what is wrong with one is a warning, as the platform itself is well. */
export function judgeBots({ bots, unchecked, troubled }: BotHealth): Verdict {
  const [first] = troubled;
  if (first) {
    const lines = troubled.map(({ username, troubles }) => `@${username}: ${troubles.join('; ')}`);
    return warn(lines.join('\n'), `pandect bots check ${first.id}`);
  }
  if (unchecked > 0) {
    return warn(`Telegram was not asked about ${unchecked} of ${bots} bots`, 'pandect bots check <id> tells why');
  }
  return ok(bots === 0 ? 'none is set up' : `${bots} work`);
}
