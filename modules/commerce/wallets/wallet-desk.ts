import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../../db/client.ts';
import { type WalletReason, walletEntries } from '../../../db/schema/commerce/wallet-entries.ts';
import { wallets } from '../../../db/schema/commerce/wallets.ts';
import { units } from '../../../db/units.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { recordAct } from '../../people/record-act.ts';
import { checkWallets, type WalletDiscrepancy } from './check-wallets.ts';
import { grantUnits } from './grant-units.ts';
import { readWallet, type WalletUnit } from './read-wallet.ts';

/** So many of the newest entries are shown. */
const SHOWN = 50;

export interface ShownWallet {
  id: string;
  organizationId: string;
  kind: string;
  reference: string;
  timeZone: string;
  units: WalletUnit[];
  /** Newest first. */
  entries: {
    at: Date;
    unit: string;
    reason: WalletReason;
    amount: number;
    debt: number;
    reference: string;
    actor: string | null;
  }[];
}

export interface OperatorGrant {
  id: string;
  unit: string;
  amount: number;
  reason: string;
  reference: string;
}

/** What operators see of wallets and do to them. */
export interface WalletDesk {
  /** @throws Refused `missing` */
  show(id: string): Promise<ShownWallet>;
  /** @returns false when the reference was used before @throws Refused `missing`, `malformed` for a unit that is none */
  grant(grant: OperatorGrant): Promise<boolean>;
  check(): Promise<WalletDiscrepancy[]>;
}

/** @param database as the platform's role, which sees all organizations */
export function createWalletDesk(database: Database): WalletDesk {
  return {
    show: (id) =>
      database.transaction(async (tx) => {
        const { organizationId, kind, reference, timeZone } = await find(tx, id);
        const rows = await tx
          .select()
          .from(walletEntries)
          .where(eq(walletEntries.walletId, id))
          .orderBy(desc(walletEntries.createdAt))
          .limit(SHOWN);
        const entries = rows.map(({ createdAt: at, unit, reason, amount, debt, reference: about, actor }) => ({
          ...{ at, unit, reason, amount, debt, reference: about, actor },
        }));
        return { id, organizationId, kind, reference, timeZone, ...(await readWallet(tx, id)), entries };
      }),
    grant: ({ id, unit, amount, reason, reference }) =>
      database.transaction(async (tx) => {
        if (!Object.hasOwn(units, unit)) throw new Refused('malformed', `Grant units of "${unit}": there are none`);
        const { organizationId } = await find(tx, id);
        const grant = { organizationId, walletId: id, unit, amount, reason, reference };
        const isGiven = await grantUnits(tx, { ...grant, by: 'operator' });
        const details = { unit, amount, reason, reference };
        const act = { organizationId, actor: 'operator', action: 'grant-units', target: id, details };
        if (isGiven) await recordAct(tx, act);
        return isGiven;
      }),
    check: () => database.transaction(checkWallets),
  };
}

async function find(tx: Transaction, id: string): Promise<typeof wallets.$inferSelect> {
  const [row] = z.uuid().safeParse(id).success ? await tx.select().from(wallets).where(eq(wallets.id, id)) : [];
  if (!row) throw new Refused('missing', `Find wallet "${id}": there is none`);
  return row;
}
