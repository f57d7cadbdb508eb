import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramPayments } from '../../../../db/schema/commerce/telegram-payments.ts';
import { holdOrganization } from '../../../people/accounts/index.ts';
import { creditUnits, debitUnits } from '../move-units.ts';
import { bookStars, lockPayment, type TelegramPayment } from './credit-payment.ts';
import type { StarsClient } from './stars-client.ts';

interface RefundDeps {
  client: StarsClient;
  /** Runs in a transaction of the bot's organization. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

type Charge = Pick<TelegramPayment, 'botId' | 'chargeId'>;

/** `unknown`: no such charge came. `refused`: Telegram pays it back no more; the units were given back. */
export type Refunded = 'refunded' | 'unknown' | 'refused';

/**
 * Pays a charge back. The units are taken first, so that they cannot be used in between; used ones become a debt. A retry, also
 * after a crash in the middle, continues from there and pays back once.
 * @throws the client's failures when Telegram does not answer: it stays `refunding` and is retried
 */
export async function refundPayment({ client, transaction }: RefundDeps, charge: Charge): Promise<Refunded> {
  const payment = await transaction((tx) => takeUnits(tx, charge));
  if (!payment) return 'unknown';
  if (payment.state === 'refunded') return 'refunded';
  if (payment.telegramId === null || payment.currency !== 'XTR') return undo(transaction, charge);
  try {
    await client.call('refundStarPayment', {
      user_id: Number(payment.telegramId),
      telegram_payment_charge_id: payment.chargeId,
    });
  } catch (error) {
    const description = refusalOf(error);
    if (description === undefined) throw error;
    if (!/already_?\s?refunded/i.test(description)) return undo(transaction, charge);
  }
  await transaction((tx) => finishRefund(tx, charge, new Date()));
  return 'refunded';
}

/** Writes down that Telegram has paid a charge back, as a `refunded_payment` says. Once. */
export async function takeRefund(tx: Transaction, charge: Charge, at: Date): Promise<boolean> {
  const payment = await takeUnits(tx, charge);
  if (!payment || payment.state === 'refunded') return false;
  await finishRefund(tx, charge, at);
  return true;
}

/** Charges of a bot that are to be paid back: begun and not ended, and those that fitted no order. */
export const pendingRefunds = (tx: Transaction, botId: string): Promise<Charge[]> =>
  tx
    .select({ botId: telegramPayments.botId, chargeId: telegramPayments.chargeId })
    .from(telegramPayments)
    .where(
      and(
        eq(telegramPayments.botId, botId),
        eq(telegramPayments.currency, 'XTR'),
        sql`${telegramPayments.state} in ('refunding', 'mismatch')`,
      ),
    );

async function takeUnits(tx: Transaction, charge: Charge): Promise<TelegramPayment | undefined> {
  const seen = await findOrganization(tx, charge);
  if (!seen) return undefined;
  await holdOrganization(tx, seen);
  const payment = await lockPayment(tx, charge);
  if (payment?.state !== 'credited' && payment?.state !== 'mismatch') return payment;
  await setState(tx, charge, { state: 'refunding' });
  const { organizationId, walletId, unit, units } = payment;
  if (walletId && unit && units) {
    const reference = await nextReference(tx, payment);
    await debitUnits(tx, { organizationId, walletId, unit, amount: units, why: 'refund', reference });
  }
  return { ...payment, state: 'refunding' };
}

/** Telegram refused: the person keeps what was paid for. */
async function undo(transaction: RefundDeps['transaction'], charge: Charge): Promise<Refunded> {
  await transaction(async (tx) => {
    const payment = await lockPayment(tx, charge);
    if (payment?.state !== 'refunding') return;
    await setState(tx, charge, { state: payment.mismatch === null ? 'credited' : 'mismatch' });
    const { organizationId, walletId, unit, units } = payment;
    if (!walletId || !unit || !units) return;
    const reference = await nextReference(tx, payment);
    await creditUnits(tx, { organizationId, walletId, unit, amount: units, why: 'refund', reference });
  });
  return 'refused';
}

async function finishRefund(tx: Transaction, charge: Charge, at: Date): Promise<void> {
  const payment = await lockPayment(tx, charge);
  if (payment?.state !== 'refunding') return;
  await setState(tx, charge, { state: 'refunded', refundedAt: at });
  if (payment.currency !== 'XTR') return;
  const account = payment.mismatch === null ? 'stars-sales' : 'stars-surplus';
  await bookStars(tx, { ...payment, refundedAt: at }, 'stars-refund', account);
}

const setState = (tx: Transaction, { botId, chargeId }: Charge, set: Partial<TelegramPayment>) =>
  tx
    .update(telegramPayments)
    .set(set)
    .where(and(eq(telegramPayments.botId, botId), eq(telegramPayments.chargeId, chargeId)));

async function findOrganization(tx: Transaction, { botId, chargeId }: Charge): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: telegramPayments.organizationId })
    .from(telegramPayments)
    .where(and(eq(telegramPayments.botId, botId), eq(telegramPayments.chargeId, chargeId)));
  return row?.id;
}

/** One for each time that a refund was begun or given up. The payment is locked. */
async function nextReference(tx: Transaction, { botId, chargeId, walletId }: TelegramPayment): Promise<string> {
  const name = `telegram ${botId} ${chargeId}`;
  const [row] = await tx.execute<{ n: string }>(sql`
    select count(*) as n from wallet_entries
    where wallet_id = ${walletId} and reason = 'refund' and starts_with(reference, ${name}::text)`);
  const n = Number(row?.n);
  return n === 0 ? name : `${name} ${n + 1}`;
}

/** What Telegram said when it refused for good; undefined when it may be asked again. */
function refusalOf(error: unknown): string | undefined {
  const { failure } = (error ?? {}) as { failure?: { reason?: unknown; description?: unknown } };
  return failure?.reason === 'bad-request' ? String(failure.description ?? '') : undefined;
}
