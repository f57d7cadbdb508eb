import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { telegramPayments } from '../../../db/schema/commerce/telegram-payments.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { refundPayment } from '../../commerce/wallets/index.ts';
import { type Telegram, TelegramFailure } from '../../messages/telegram/index.ts';
import { recordAct } from '../../people/record-act.ts';
import type { BotSeal } from '../records/bot-seal.ts';
import { findBotRow } from '../records/find-bot.ts';

export interface RefundDeskDeps {
  /** As the platform's role, which sees all organizations. */
  database: Database;
  seal: BotSeal;
  telegram: Telegram;
}

export interface OperatorRefund {
  chargeId: string;
  /** Needed where several bots have a charge of this id. */
  botId?: string | undefined;
  reason: string;
}

export interface RefundedCharge {
  chargeId: string;
  botId: string;
  walletId: string | null;
  /** Whole Stars. */
  amount: number;
  /** Whether it was paid back before. */
  wasRefunded: boolean;
}

/**
 * Pays a charge in Stars back, as the operator asks; the audit log of the organization says why.
 * @throws Refused `missing`, `conflict` for what is not in Stars, or that Telegram refuses or does not answer
 */
export async function refundCharge(deps: RefundDeskDeps, asked: OperatorRefund): Promise<RefundedCharge> {
  const { database, seal, telegram } = deps;
  const payment = await database.transaction((tx) => findPayment(tx, asked));
  const { botId, chargeId, organizationId, walletId, amount, currency, telegramId } = payment;
  const what = `Refund charge "${chargeId}"`;
  const refunded = { chargeId, botId, walletId, amount };
  if (payment.state === 'refunded') return { ...refunded, wasRefunded: true };
  if (currency !== 'XTR') throw new Refused('conflict', `${what}: it is not in Stars; refund it at the provider`);
  if (telegramId === null) throw new Refused('conflict', `${what}: the payer was erased`);
  const transaction = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant(organizationId, work);
  const bot = await transaction((tx) => findBotRow(tx, botId));
  if (!bot) throw new Refused('conflict', `${what}: its bot was removed`);
  const client = telegram(await seal.open({ organizationId, botId, kind: 'token' }, bot.tokenSealed));
  const record = (tx: Transaction, action: string) =>
    recordAct(tx, {
      ...{ organizationId, actor: 'operator', action, target: chargeId },
      details: { botId, walletId, stars: amount, reason: asked.reason },
    });
  // Written down before any money moves: the daily comparison finishes a refund that was cut off.
  await transaction((tx) => record(tx, 'refund-payment'));
  const outcome = await refundPayment({ client, transaction }, { botId, chargeId }).catch((error: unknown) => {
    if (!(error instanceof TelegramFailure)) throw error;
    throw new Refused('conflict', `${what}: ${whyPending(error)}`);
  });
  if (outcome === 'refunded') return { ...refunded, wasRefunded: false };
  await transaction((tx) => record(tx, 'refund-refused'));
  throw new Refused('conflict', `${what}: Telegram refuses it; the units were given back`);
}

const whyPending = ({ reason }: TelegramFailure): string =>
  reason === 'unauthorized'
    ? 'Telegram does not accept the token of its bot; it is retried daily once a token is set'
    : 'Telegram did not answer; give the command again, or wait for the daily retry';

async function findPayment(tx: Transaction, { chargeId, botId }: OperatorRefund) {
  const found = await tx.select().from(telegramPayments).where(eq(telegramPayments.chargeId, chargeId));
  const wanted = found.filter((one) => botId === undefined || one.botId === botId);
  if (wanted.length > 1) {
    throw new Refused('conflict', `Refund charge "${chargeId}": several bots have one; name the bot with --bot`);
  }
  const [payment] = wanted;
  if (!payment) throw new Refused('missing', `Find charge "${chargeId}": there is none`);
  return payment;
}
