import { describe, expect, it } from 'vitest';
import { createLog } from '../../../../platform/kernel/log.ts';
import { openWallet } from '../../../commerce/wallets/index.ts';
import { type OutgoingAction, sendInChat } from '../../../messages/telegram/index.ts';
import { madeOf, pictureScene, type Script } from '../../../pictures/run/scene.fixture.ts';
import type { Bot, BotUser, ChatEvent, Turn } from '../../contract.ts';
import { createImageSkill } from './create-image-skill.ts';
import { followImage } from './follow-image.ts';
import { resumeFollowed } from './resume-followed.ts';
import { words } from './words.ts';

const { database, sql, queue, open, organization } = await pictureScene();
/** Of the scene's database. */
const CONNECTIONS = 10;

async function person(free = 3) {
  const { id: organizationId, owner } = await organization();
  const [bot] = await sql<{ id: string }[]>`
    insert into bots (organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
    values (${organizationId}, ${crypto.randomUUID()}, 'a_bot', 'Bot', '', '', '', '{image}', 'Europe/Moscow', 'polling') returning id`;
  const [id, botId] = [crypto.randomUUID(), bot?.id as string];
  const walletId = await database.tenant.tenant(organizationId, (tx) =>
    openWallet(tx, {
      organizationId,
      kind: 'bot-user',
      reference: id,
      timeZone: 'Europe/Moscow',
      free: { image: free },
    }),
  );
  await sql`
    insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
    values (${id}, ${organizationId}, ${botId}, ${id}, ${id}, 'en', ${walletId}, ${id})`;
  const user: BotUser = {
    ...{ id, botId, organizationId, telegramId: id, chatId: id, language: 'en', walletId },
    ...{ accountId: undefined, confirmedAdult: true, state: {} },
  };
  const settings = { free: { image: free }, reversed: true, adultsOnly: false, referralBonus: 0 };
  const made: Bot = {
    ...{ id: botId, organizationId, createdBy: owner.userId, username: 'a_bot', skills: ['image'] },
    ...{ timeZone: 'Europe/Moscow', settings },
  };
  return { bot: made, user, owner };
}

type Person = Awaited<ReturnType<typeof person>>;

/** Pictures of a provider that follows a script, before the outbox. */
function scene(me: Person, script?: Script) {
  const opened = open(script ? { script } : {});
  const deps = { database: database.tenant, queue, generations: opened.generations };
  const skill = createImageSkill(deps);
  const never = new AbortController().signal;
  async function tell(event: ChatEvent, requestId = crypto.randomUUID(), { bot, user } = me): Promise<unknown> {
    const occasion = `update:${requestId}`;
    const turn: Turn = {
      ...{ bot, user, event, occasion, requestId, signal: never, stopped: never, log: createLog({ level: 'silent' }) },
      transaction: (work) => database.tenant.tenant(bot.organizationId, work),
      say: (tx, step, action) =>
        sendInChat(tx, queue, {
          botId: bot.id,
          organizationId: bot.organizationId,
          chatId: user.chatId,
          occasion,
          step,
          action,
        }),
      ...{ remember: async () => {}, finish: async () => {}, preview: () => {} },
    };
    return skill.handle(turn).catch((error: unknown) => error);
  }
  /** Looks once at all that is followed, whenever it was to be. */
  async function follow() {
    const jobs = await sql<{ data: { organizationId: string; imageId: string } }[]>`
      delete from pgboss.job where name = 'chats' and data ? 'imageId' returning data`;
    for (const { data } of jobs) await followImage(deps, data);
    return jobs.length;
  }
  const said = async ({ user } = me) =>
    (
      await sql<
        { action: OutgoingAction }[]
      >`select action from telegram_messages where chat_id = ${user.chatId} order by position`
    ).map(({ action }) => action);
  return { ...opened, skill, tell, follow, said };
}

const write = (text: string): ChatEvent => ({ type: 'text', text });
const press = (action: string, argument: string): ChatEvent => ({ type: 'button', action, argument, messageId: 1 });
const idIn = (action: OutgoingAction | undefined) => /image:\w+:([\w-]+)/.exec(JSON.stringify(action))?.[1] as string;
const usedBy = async ({ user }: Person) =>
  (
    await sql`select used::int from usage_counters where owner_id = ${user.walletId} and unit = 'image' and period = 'day'`
  )[0]?.used ?? 0;

describe('a picture', () => {
  it('is asked for, followed, and sent once, with its buttons', async () => {
    const me = await person();
    const { tell, follow, work, said } = scene(me);
    expect(await tell(write('A lighthouse'))).toBe(true);
    expect((await said()).map(({ kind }) => kind)).toEqual(['text']);
    await work();
    expect(await follow()).toBe(1);
    expect(await follow()).toBe(0);
    const [status, over, photo, ...others] = await said();
    expect(status).toMatchObject({ text: { text: expect.stringContaining('Number 1 in line') } });
    expect(over).toEqual({ kind: 'delete', of: 'status' });
    expect(photo).toMatchObject({ kind: 'photo', caption: { text: 'A lighthouse' }, file: { type: 'image/webp' } });
    expect(others).toEqual([]);
    expect(await usedBy(me)).toBe(1);
    const id = idIn(photo);
    await tell(press('original', `${id}.0`));
    await tell(press('again', id));
    expect((await said()).slice(3).map(({ kind }) => kind)).toEqual(['document', 'text']);
    expect(await usedBy(me)).toBe(2);
  });

  it('is made once by an update that is handled again', async () => {
    const me = await person();
    const { tell, work, follow, said } = scene(me);
    const requestId = crypto.randomUUID();
    for (let times = 0; times < 3; times += 1) await tell(write('A lighthouse'), requestId);
    await work();
    for (let times = 0; times < 3; times += 1) await follow();
    expect(await sql`select from images where wallet_id = ${me.user.walletId}`).toHaveLength(1);
    expect((await said()).filter(({ kind }) => kind === 'photo')).toHaveLength(1);
    expect(await usedBy(me)).toBe(1);
  });

  it('whose job is gone gets another one while there is something to tell', async () => {
    const me = await person();
    const { tell, follow, work, said } = scene(me);
    const resume = () => resumeFollowed({ database: database.platform, queue });
    await tell(write('A lighthouse'));
    const lose = () => sql`delete from pgboss.job where name = 'chats'`;
    await lose();
    expect(await resume()).toBe(0);
    await sql`update followed_images set said_at = now() - interval '1 minute'`;
    expect([await resume(), await resume()]).toEqual([1, 0]);
    await lose();
    await work();
    expect([await resume(), await follow(), await resume()]).toEqual([1, 1, 0]);
    expect((await said()).at(-1)?.kind).toBe('photo');
  });

  it('that ended without a picture is followed until that was told', async () => {
    const me = await person();
    const { tell, follow } = scene(me);
    const resume = async () => {
      await sql`update followed_images set said_at = now() - interval '1 minute'`;
      return resumeFollowed({ database: database.platform, queue });
    };
    await tell(write('Something'));
    const [row] = await sql<{ id: string }[]>`select id from images where wallet_id = ${me.user.walletId}`;
    await tell(press('cancel', row?.id as string));
    await sql`delete from pgboss.job where name = 'chats'`;
    expect([await resume(), await follow(), await resume()]).toEqual([1, 1, 0]);
  });

  it('of a bot’s person is seen by no account and by no other person', async () => {
    const [me, other] = [await person(), await person()];
    const { tell, generations, said, work } = scene(me);
    await tell(write('A secret'));
    await work();
    expect((await generations.list(me.owner, { limit: 10 })).items).toEqual([]);
    const id = idIn((await said())[0]);
    await expect(generations.read(me.owner, id)).rejects.toMatchObject({ type: 'not-found' });
    const neighbour = {
      ...me,
      user: { ...other.user, organizationId: me.bot.organizationId, walletId: crypto.randomUUID() },
    };
    await tell(press('show', id), undefined, neighbour);
    expect(await said(neighbour)).toMatchObject([{ text: { text: words.en.gone } }]);
  });

  it('that ends without a picture is told in words, for nothing', async () => {
    const me = await person();
    const look = () => ({ state: 'finished', outcome: 'refused', reason: 'policy', maybeCharged: false }) as never;
    const { tell, follow, work, said } = scene(me, { look });
    await tell(write('Something'));
    await work();
    await follow();
    expect((await said()).at(-1)).toMatchObject({ kind: 'edit', of: 'status', text: { text: words.en.ended.refused } });
    expect(await usedBy(me)).toBe(0);
  });

  it('can be cancelled while it waits', async () => {
    const me = await person();
    const { tell, follow, said } = scene(me);
    await tell(write('Something'));
    await tell(press('cancel', idIn((await said())[0])));
    await follow();
    expect((await said()).at(-1)).toMatchObject({ kind: 'edit', text: { text: words.en.ended.cancelled } });
    expect(await usedBy(me)).toBe(0);
  });

  it('is not begun without units or without words', async () => {
    const me = await person(0);
    const { tell, said } = scene(me);
    expect(await tell(write('Something'))).toMatchObject({ status: 402 });
    await tell({ type: 'command', name: 'image', argument: ' ' });
    await tell(write('a'.repeat(1_001)));
    expect(await said()).toMatchObject([
      { text: { text: words.en.describe } },
      { text: { text: words.en.tooLong(1_000) } },
    ]);
  });

  it('that could not be delivered is stored and charged, and shown by /last', async () => {
    const me = await person();
    const { tell, follow, work, said } = scene(me, { look: (reference) => madeOf(reference, 1) });
    await tell(write('A lighthouse'));
    await work();
    await follow();
    // Sending has given up on the chat.
    await sql`delete from telegram_messages where chat_id = ${me.user.chatId}`;
    await tell({ type: 'command', name: 'last', argument: '' });
    expect(await said()).toMatchObject([{ kind: 'photo', caption: { text: 'A lighthouse' } }]);
    expect(await usedBy(me)).toBe(1);
  });
});

describe('what is kept of pictures', () => {
  it('is listed, exported and erased with the person', async () => {
    const me = await person();
    const { tell, work, skill } = scene(me);
    await tell(write('A lighthouse'));
    await work();
    const within = <T>(ask: Parameters<typeof database.tenant.tenant<T>>[1]) =>
      database.tenant.tenant(me.bot.organizationId, ask);
    expect(await within(async (tx) => skill.history?.(tx, me.user, 5))).toMatchObject([{ title: 'A lighthouse' }]);
    expect(await within(async (tx) => skill.export?.(tx, me.user))).toMatchObject([
      { prompt: 'A lighthouse', status: 'done' },
    ]);
    // Each look holds one connection, so that many at once do not wait for each other.
    const [all, held] = [Promise.withResolvers<void>(), new Set<number>()];
    const looks = Array.from({ length: CONNECTIONS }, (_, index) =>
      within(async (tx) => {
        if (held.add(index).size === CONNECTIONS) all.resolve();
        await all.promise;
        return [await skill.history?.(tx, me.user, 5), await skill.export?.(tx, me.user)];
      }),
    );
    expect((await Promise.all(looks)).flat(2)).toHaveLength(2 * CONNECTIONS);
    await within(async (tx) => skill.erase?.(tx, me.user));
    expect(await sql`select from images where wallet_id = ${me.user.walletId}`).toHaveLength(0);
    expect(await sql`select from deleted_files where organization_id = ${me.bot.organizationId}`).toHaveLength(3);
  });
});
