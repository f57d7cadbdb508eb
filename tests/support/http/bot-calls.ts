import { type BotWithPerson, botWithPerson, linkIdentity, newBot } from '../bots.ts';
import type { Account } from './client.ts';
import type { Call, Scene } from './described-calls.ts';

/** What the operations of bots, and of the identities that they link, are called with. */
export const botCalls: Record<string, (scene: Scene) => Call | Promise<Call>> = {
  'GET /api/bots': () => ({}),
  'POST /api/bots': async ({ platform }) => ({
    json: { token: (await newBot(platform)).token, skills: ['tarot', 'ask'], settings: { free: { reading: 2 } } },
  }),
  'GET /api/bots/{id}': async (scene) => ({ id: (await aBot(scene)).id }),
  'PATCH /api/bots/{id}': async (scene) => ({ id: (await aBot(scene)).id, json: { settings: { reversed: false } } }),
  'DELETE /api/bots/{id}': async (scene) => ({ id: await anotherBot(scene) }),
  'GET /api/bots/{id}/users': async (scene) => ({ id: (await aBot(scene)).id, query: '?limit=5' }),
  'POST /api/bots/{id}/users/{userId}/grants': async (scene) => {
    const { id, userId } = await aBot(scene);
    return { id: [id, userId], json: { unit: 'reading', amount: 5, reason: 'Described', reference: 'ticket 17' } };
  },
  'POST /api/bots/{id}/link-codes': async (scene) => ({ id: (await aBot(scene)).id }),
  'GET /api/organization/identities': () => ({}),
  'PATCH /api/organization/identities/{id}': async (scene) => ({
    id: await anIdentity(scene),
    json: { letters: false },
  }),
  'DELETE /api/organization/identities/{id}': async (scene) => ({ id: await anIdentity(scene) }),
};

const bots = new WeakMap<Account, Promise<BotWithPerson>>();

/** The same one each time: a poll of an idle bot holds a place for half a minute. */
export function aBot({ platform, account }: Scene): Promise<BotWithPerson> {
  const bot = bots.get(account) ?? botWithPerson(platform, account);
  bots.set(account, bot);
  return bot;
}

const anotherBot = async ({ platform, account }: Scene) => {
  const json = { token: (await newBot(platform)).token, skills: ['tarot'] };
  return (await account.get<{ id: string }>('POST /api/bots', { json })).id;
};

const anIdentity = async (scene: Scene) => linkIdentity(scene.platform, scene.account, await aBot(scene));
