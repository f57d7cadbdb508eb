import { afterAll } from 'vitest';
import type { Transaction } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { createMetering, releaseUnits, settleUnits } from '../metering/index.ts';
import {
  creditPayment,
  grantUnits,
  openWallet,
  type ReceivedPayment,
  readWallet,
  type WalletSettings,
} from './index.ts';

/** A database of its own, and bots with people in it who read the cards. */
export async function walletScene(connections = 10) {
  const database = await testDatabase({ connections });
  afterAll(() => database.close());
  const metering = createMetering(database.tenant, { tokensPerMinute: { external: 1000, internal: 1000 } });

  /** An organization with a bot, and one person's wallet. */
  async function person(settings: Partial<WalletSettings> = {}) {
    const { id } = await testOrganization(database);
    const bot = { id: crypto.randomUUID(), organizationId: id, settings: {} };
    const within = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant.tenant(id, work);
    const open = (changes: Partial<WalletSettings> = {}) =>
      within((tx) =>
        openWallet(tx, {
          ...{ organizationId: id, kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: {} },
          ...settings,
          ...changes,
        }),
      );
    const walletId = await open();
    const payment = (changes: Partial<ReceivedPayment> = {}): ReceivedPayment => ({
      ...{ organizationId: id, botId: bot.id, walletId, telegramId: '77', currency: 'XTR', totalAmount: 75 },
      ...{ payload: '', chargeId: crypto.randomUUID(), paidAt: new Date() },
      ...changes,
    });
    return {
      ...{ id, bot, walletId, within, open, payment },
      pay: (changes?: Partial<ReceivedPayment>) => within((tx) => creditPayment(tx, payment(changes))),
      async read(at?: string | Date) {
        const moment = at === undefined ? undefined : new Date(at);
        const { units } = await within((tx) => readWallet(tx, walletId, moment));
        const found = units.find(({ unit }) => unit === 'reading');
        if (!found) throw new Error('Read wallet: it has no readings');
        return found;
      },
      reserve: (at?: string | Date, requestId: string = crypto.randomUUID(), amount = 1, secondsOpen = 60) =>
        metering.reserve(
          {
            ...{ owner: { organizationId: id, walletId }, userId: null, requestId, action: 'reading', secondsOpen },
            amounts: { reading: amount },
          },
          at === undefined ? undefined : new Date(at),
        ),
      settleIn: (tx: Transaction, requestId: string) => settleUnits(tx, id, requestId),
      /** @param used in place of what was reserved */
      settle: (requestId: string, used?: number) =>
        within((tx) => settleUnits(tx, id, requestId, used === undefined ? {} : { amounts: { reading: used } })),
      release: (requestId: string) => within((tx) => releaseUnits(tx, id, requestId)),
      grant: (amount: number, reference: string, expiresAt?: Date) =>
        within((tx) =>
          grantUnits(tx, {
            ...{ organizationId: id, walletId, unit: 'reading', amount, reference, expiresAt },
            ...{ reason: 'An outage', by: 'owner@example.org' },
          }),
        ),
      entries: async () => [
        ...(await database.owner<{ reason: string; amount: number; debt: number }[]>`
          select reason, amount::int, debt::int from wallet_entries where wallet_id = ${walletId} order by created_at`),
      ],
    };
  }
  return { database, metering, person };
}
