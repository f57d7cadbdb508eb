import { Problem } from '../../../platform/kernel/problem.ts';
import { endRenewals } from '../../commerce/wallets/index.ts';
import { telegramUnavailable } from '../problems.ts';
import { askTelegram } from './ask-telegram.ts';
import { clientOf, type DeliveryDeps, quick } from './delivery.ts';
import type { BotRow } from './find-bot.ts';

/** A request waits for it; the next one continues from there. */
const LONGEST_MS = 5_000;

/**
 * Ends the subscriptions of people of a bot that is about to go, since only its token can.
 * @throws Problem telegram-unavailable where some may be left
 */
export async function stopSubscriptions(deps: DeliveryDeps, bot: BotRow): Promise<void> {
  const { id: botId, organizationId } = bot;
  const signal = AbortSignal.timeout(LONGEST_MS);
  const open = async () => {
    const client = await clientOf(deps, bot);
    return { call: <T>(method: string, params: object) => client.call<T>(method, { ...params }, {}, quick) };
  };
  try {
    await askTelegram(() =>
      endRenewals(
        { client: open, transaction: (work) => deps.database.tenant(organizationId, work), signal },
        { botId },
      ),
    );
  } catch (cause) {
    if (!signal.aborted || cause instanceof Problem) throw cause;
    throw new Problem(telegramUnavailable, { parameters: { seconds: 1 }, headers: { 'retry-after': '1' }, cause });
  }
}
