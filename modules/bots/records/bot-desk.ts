import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../../db/client.ts';
import { type BotDelivery, bots as botRows } from '../../../db/schema/bots/bots.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { Problem, toProblemDocument } from '../../../platform/kernel/problem.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import type { AskedBot, BotCheck, Bots, ShownBot } from './contract.ts';
import { type BotRow, findBotRow } from './find-bot.ts';
import { showBot } from './show-bot.ts';

export interface ListedBot extends ShownBot {
  organizationId: string;
}

/** Bots that do not work, as far as Telegram was asked. */
export interface BotHealth {
  /** Those that are not stopped. */
  bots: number;
  /** Those that Telegram was not asked about, because there are many or it does not answer. */
  unchecked: number;
  troubled: { id: string; username: string; troubles: string[] }[];
}

/** What operators see of bots and do to them. */
export interface BotDesk {
  /** The newest first. */
  list(asked: { organization?: string | undefined; limit: number }): Promise<ListedBot[]>;
  /** @throws Refused `missing` */
  show(id: string): Promise<ListedBot>;
  /** @throws Refused with the reason, also of Telegram */
  add(organizationId: string, asked: AskedBot): Promise<ListedBot>;
  /** @throws Refused `missing`, `conflict` when Telegram does not answer */
  check(id: string): Promise<BotCheck>;
  /** @throws Refused `missing`, `conflict` for a stopped bot and when Telegram refuses */
  setDelivery(id: string, delivery: BotDelivery): Promise<ListedBot>;
  health(): Promise<BotHealth>;
}

/** So many bots are checked at once, and in all before an operator gets an answer. */
const AT_ONCE = 10;
const MOST_CHECKED = 100;
const MOST_LISTED = 10_000;
const HEALTH_MS = 6_000;

/** @param database as the platform's role, which sees all organizations */
export function createBotDesk({ database, bots }: { database: Database; bots: Bots }): BotDesk {
  const rows = ({ organization, limit }: { organization?: string | undefined; limit: number }) =>
    database.transaction((tx) =>
      tx
        .select()
        .from(botRows)
        .where(organization === undefined ? undefined : eq(botRows.organizationId, organization))
        .orderBy(desc(botRows.createdAt), desc(botRows.id))
        .limit(limit),
    );
  const find = (id: string) => database.transaction((tx) => requireRow(tx, id));
  return {
    list: async (asked) => (await rows(asked)).map(toListed),
    show: async (id) => toListed(await find(id)),
    async add(organizationId, asked) {
      await database.transaction((tx) => requireOrganization(tx, organizationId));
      const made = await explained('Add bot', () => bots.create({ organizationId }, asked, async () => {}));
      return { ...made, organizationId };
    },
    async check(id) {
      const { organizationId } = await find(id);
      return explained(`Check bot "${id}"`, () => bots.check(organizationId, id));
    },
    async setDelivery(id, delivery) {
      const { organizationId, state } = await find(id);
      const what = `Set delivery of bot "${id}" to ${delivery}`;
      if (state === 'stopped') throw new Refused('conflict', `${what}: it is stopped`);
      const changed = await explained(what, () => bots.setDelivery(organizationId, id, delivery));
      return { ...changed, organizationId };
    },
    async health() {
      const active = (await rows({ limit: MOST_LISTED })).filter(({ state }) => state !== 'stopped');
      const until = Date.now() + HEALTH_MS;
      const troubled: BotHealth['troubled'] = [];
      let unchecked = Math.max(0, active.length - MOST_CHECKED);
      const looked = active.slice(0, MOST_CHECKED);
      while (looked.length > 0 && Date.now() < until) {
        const some = looked.splice(0, AT_ONCE);
        const checks = await Promise.allSettled(some.map(({ organizationId, id }) => bots.check(organizationId, id)));
        unchecked += checks.filter(({ status }) => status === 'rejected').length;
        for (const check of checks) if (check.status === 'fulfilled') note(troubled, check.value);
      }
      return { bots: active.length, unchecked: unchecked + looked.length, troubled };
    },
  };
}

function note(troubled: BotHealth['troubled'], { id, username, troubles }: BotCheck): void {
  if (troubles.length > 0) troubled.push({ id, username, troubles });
}

const toListed = (row: BotRow): ListedBot => ({ ...showBot(row), organizationId: row.organizationId });

async function requireRow(tx: Transaction, id: string): Promise<BotRow> {
  const row = z.uuid().safeParse(id).success ? await findBotRow(tx, id) : undefined;
  if (!row) throw new Refused('missing', `Find bot "${id}": there is none`);
  return row;
}

async function requireOrganization(tx: Transaction, id: string): Promise<void> {
  const [row] = z.uuid().safeParse(id).success
    ? await tx.select({ id: organizations.id }).from(organizations).where(eq(organizations.id, id))
    : [];
  if (!row) throw new Refused('missing', `Find organization "${id}": there is none`);
}

/** What members are told as a problem, operators read as a sentence. */
async function explained<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { detail } = toProblemDocument(error, 'en');
    const mistakes = error.errors?.map(({ path, message }) => `"${path.replace('body.', '')}": ${message}`);
    const reason = error.status === 404 ? 'missing' : error.status === 400 ? 'malformed' : 'conflict';
    throw new Refused(reason, `${what}: ${mistakes?.join('; ') ?? detail}`);
  }
}
