import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { type BotWithPerson, botWithPerson } from '../support/bots.ts';
import { readApi } from '../support/http/api-description.ts';
import { createAccount, send } from '../support/http/client.ts';
import { organizationOf, someone } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

/* Addresses that the platform gives to one party alone, which no description of the API holds: who guesses learns nothing there. */

const platform = await sharedPlatform();
const { url, databaseUrl } = platform;
const sql = connect(databaseUrl);
afterAll(() => sql.end());

let bot: BotWithPerson;
let theirs: string;
let mine: string;
beforeAll(async () => {
  const [victim, attacker] = await Promise.all([createAccount(platform), createAccount(platform)]);
  [theirs, mine] = [organizationOf(someone(victim)), organizationOf(someone(attacker))];
  bot = await botWithPerson(platform, victim);
});

/** What differs between answers is left out: the id of the request. */
async function answer(call: `${string} /${string}`, options: object = {}) {
  const response = await send(url, call, { ...options, redirect: 'manual' } as object);
  const { instance: _, ...problem } = (await response.json()) as { instance: string; type: string };
  return { status: response.status, problem };
}

it('are in no description of the API', async () => {
  const { operations } = await readApi(url);
  const paths = operations.map(({ path }) => path);
  expect(paths).toContain('/api/bots/{id}');
  expect(paths.filter((path) => /telegram|orders/.test(path))).toEqual([]);
});

describe("the address of a bot's updates", () => {
  const update = (text: string) => ({
    update_id: 1,
    message: { message_id: 1, date: 0, chat: { id: 5, type: 'private' }, from: { id: 5, is_bot: false }, text },
  });

  it.each([
    ['no secret', {}],
    ['another secret', { 'x-telegram-bot-api-secret-token': 'A'.repeat(43) }],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
  ])('looks missing with %s, like that of no bot, and takes nothing', async (_, headers) => {
    const deliver = (id: string) => answer(`POST /api/bots/${id}/telegram`, { json: update('/start'), headers });
    const [there, missing] = await Promise.all([deliver(bot.id), deliver(crypto.randomUUID())]);
    expect(there.status).toBe(404);
    expect(there).toEqual(missing);
    const people = await sql`select telegram_id from bot_users where bot_id = ${bot.id}`;
    expect(people.map(({ telegram_id }) => telegram_id)).not.toContain('5');
    expect(people).toHaveLength(1);
  });
});

describe('the address where an order is paid', () => {
  it('looks missing under another organization, like an order that is none', async () => {
    const [order] = await sql`
      insert into wallet_orders (organization_id, bot_id, wallet_id, attempt, state, unit, amount, stars, price, paid_at)
      select ${theirs}, ${bot.id}, wallet_id, 'hostile', 'paid', 'reading', 5, 50, 10000, now()
        from bot_users where id = ${bot.userId} returning id`;
    const pay = (organizationId: string, id: string) => answer(`GET /api/billing/orders/${organizationId}/${id}`);
    expect(await pay(theirs, order?.id)).toMatchObject({ status: 409 });
    const [moved, missing] = await Promise.all([pay(mine, order?.id), pay(mine, crypto.randomUUID())]);
    expect(moved.status).toBe(404);
    expect(moved).toEqual(missing);
    expect(await pay(theirs, crypto.randomUUID())).toEqual(missing);
    expect(await pay('none', 'none')).toEqual(missing);
  });
});
