import { describe, expect, it } from 'vitest';
import { cardOf } from './deck/cards.ts';
import { choiceAt, command, goodReader, laidIn, press, tarotScene, write } from './tarot.fixture.ts';
import { words } from './words.ts';

const { sql, database, serve, person, addUser, turn, books, rowsOf, talk } = await tarotScene();

describe('a reading', () => {
  it('is asked, drawn, stored, interpreted and charged', async () => {
    const me = await person({ language: 'ru' });
    const { server, tell, ask } = await talk(goodReader, me);
    expect((await tell(command('tarot'))).buttons).toContain('tarot:spread:celtic');
    await ask('time', 'Найду ли я работу?');
    const drawn = await tell(press('draw'));
    expect(drawn).toMatchObject({ failure: undefined, finished: 1 });
    const [row] = await rowsOf(me);
    expect(row).toMatchObject({ state: 'done', spread: 'time', question: 'Найду ли я работу?', source: 'model' });
    const laid = laidIn(server.requests[0]?.body ?? {});
    expect(laid.cards.map(({ card }) => card)).toEqual(row?.cards.map(({ card }) => cardOf(card).names.ru));
    expect(JSON.parse(server.requests[0]?.body.messages?.[1]?.content ?? '')).toBe('Найду ли я работу?');
    expect(server.requests[0]?.body).toMatchObject({ max_tokens: 700 });
    for (const { card } of laid.cards) expect(drawn.text).toContain(card);
    expect(drawn.text).toContain(words.ru.entertainment);
    expect(drawn.previews.length).toBeGreaterThan(3);
    expect(await books(me)).toEqual({ used: 1, states: ['settled'] });
    const [usage] =
      await sql`select action, outcome, prompt_tokens, completion_tokens from usage_logs where request_id = ${drawn.requestId}`;
    expect({ ...usage }).toEqual({ action: 'reading', outcome: 'done', prompt_tokens: 500, completion_tokens: 60 });
  });

  it('can be of cards that the person names, which are asked for until they fit', async () => {
    const me = await person({ language: 'ru' });
    const { server, tell, ask } = await talk(goodReader, me);
    await ask('time', 'Что дальше?');
    await tell(press('name'));
    expect((await tell(write('луна, туз чаш'))).text).toContain('названо: 2');
    expect((await tell(write('луна, туз чаш, луна перевёрнутая'))).text).toContain('«Луна» в колоде одна');
    expect((await tell(write('луна, тус чаш, мир'))).text).toContain('Туз Кубков');
    expect(server.requests).toHaveLength(0);
    expect(await books(me)).toEqual({ used: 0, states: [] });
    const read = await tell(write('Перевёрнутую луну, туз чаш и мир'));
    expect(read.text).toContain('Луна (перевёрнутая)');
    expect((await rowsOf(me)).map(({ cards }) => cards)).toEqual([
      [
        { card: 18, isReversed: true },
        { card: 36, isReversed: false },
        { card: 21, isReversed: false },
      ],
    ]);
  });

  it('of the same cards for the same question is shown again within a day, without a call or a charge', async () => {
    const me = await person();
    const { server, tell, ask } = await talk(goodReader, me);
    for (const times of [1, 2]) {
      await ask('yesno', 'Shall I?');
      await tell(press('name'));
      const { text } = await tell(write('The Moon'));
      expect(text.includes(words.en.sameAsBefore)).toBe(times === 2);
    }
    await ask('yesno', 'Shall I not?');
    await tell(press('name'));
    await tell(write('The Moon'));
    expect(server.requests).toHaveLength(2);
    expect(await books(me)).toMatchObject({ used: 2 });
  });

  it('is drawn once, however often the button is pressed', async () => {
    const me = await person();
    const { server, tell, ask } = await talk(goodReader, me);
    await ask('yesno', '');
    const pressed = [];
    for (let times = 0; times < 5; times += 1) pressed.push(await tell(press('draw')));
    expect(pressed.map(({ texts }) => texts.length)).toEqual([1, 0, 0, 0, 0]);
    expect(server.requests).toHaveLength(1);
  });

  it('is refused without units, and nothing is stored', async () => {
    const me = await person({ free: 1 });
    const { server, tell, ask } = await talk(goodReader, me);
    await ask('yesno', '');
    await tell(press('draw'));
    await ask('yesno', '');
    expect(await tell(press('draw'))).toMatchObject({ failure: { type: 'wallet-empty' }, texts: [] });
    expect(await rowsOf(me)).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an update that is handled again', () => {
  it('has the cards that were stored, and one charge', async () => {
    const me = await person();
    const { server, tell, ask } = await talk(goodReader, me);
    await ask('celtic', 'What now?');
    const requestId = crypto.randomUUID();
    const killed = AbortSignal.abort(new Error('The process ends'));
    expect((await tell(press('draw'), { requestId, signal: killed })).failure).toBeInstanceOf(Error);
    const [before] = await rowsOf(me);
    expect(before).toMatchObject({ state: 'drawn' });
    const again = await tell(press('draw'), { requestId });
    expect(again.finished).toBe(1);
    const [after, ...others] = await rowsOf(me);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ state: 'done', cards: before?.cards });
    expect(server.requests).toHaveLength(1);
    expect(await books(me)).toEqual({ used: 1, states: ['settled'] });
  });
});

describe('the card of the day', () => {
  it('is the same all day, and costs once (case 58)', async () => {
    const me = await person();
    const { server, tell } = await talk(goodReader, me);
    const first = await tell(command('card'));
    const second = await tell(press('day'));
    expect(first.text).not.toContain(words.en.sameDay);
    expect(second.text).toContain(words.en.sameDay);
    expect(await rowsOf(me)).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    expect(await books(me)).toEqual({ used: 1, states: ['settled'] });
  });

  it('is another one on the next day of the bot’s zone', async () => {
    const me = await person();
    const { tell } = await talk(goodReader, me);
    await tell(command('card'));
    await sql`update readings set day = day - 1 where bot_user_id = ${me.user.id}`;
    expect((await tell(command('card'))).text).not.toContain(words.en.sameDay);
    expect(await rowsOf(me)).toHaveLength(2);
    const [{ zone } = {}] =
      await sql`select (now() at time zone 'Europe/Moscow')::date = max(day) as zone from readings where bot_user_id = ${me.user.id}`;
    expect(zone).toBe(true);
  });

  it('has one text for all people of the organization that have the same card, and is charged to each', async () => {
    const me = await person({ settings: { reversed: false } });
    const server = await serve(goodReader);
    const other = { bot: me.bot, user: await addUser(me.bot) };
    const always = { catalogue: { route: async () => choiceAt(server) }, randomInt: () => 18 };
    const mine = await turn(always, me, command('card'));
    const theirs = await turn(always, other, command('card'));
    expect(theirs.text).toBe(mine.text);
    expect(server.requests).toHaveLength(1);
    expect([await books(me), await books(other)]).toEqual([
      { used: 1, states: ['settled'] },
      { used: 1, states: ['settled'] },
    ]);
    const stranger = await person({ settings: { reversed: false } });
    await turn(always, stranger, command('card'));
    expect(server.requests).toHaveLength(2);
  });
});

describe('what a person writes', () => {
  it('of a crisis is answered with help, and nothing else happens', async () => {
    const me = await person({ language: 'ru' });
    const { server, tell, ask } = await talk(goodReader, me);
    await tell(press('spread', 'yesno'));
    expect((await tell(write('Я не хочу жить, что скажут карты?'))).text).toBe(words.ru.crisis);
    await tell(press('draw'));
    expect(server.requests).toHaveLength(0);
    expect(await rowsOf(me)).toEqual([]);
    await ask('yesno', 'Как дела?');
    await tell(press('name'));
    expect((await tell(write('хочу умереть'))).text).toBe(words.ru.crisis);
    expect(await books(me)).toEqual({ used: 0, states: [] });
  });

  it('is a question even before a spread is chosen, and must not be too long', async () => {
    const me = await person();
    const { tell } = await talk(goodReader, me);
    expect((await tell(write('Will I\u200b\u0000 travel?'))).buttons).toContain('tarot:spread:yesno');
    await tell(press('spread', 'yesno'));
    await tell(press('draw'));
    expect(await rowsOf(me)).toMatchObject([{ question: 'Will I travel?' }]);
    expect((await tell(write('a'.repeat(1_001)))).text).toBe(words.en.questionTooLong);
  });

  it('may be any button, of any time', async () => {
    const me = await person();
    const { tell } = await talk(goodReader, me);
    for (const event of [
      press('draw'),
      press('spread', 'gone'),
      press('again', "';--"),
      press('show', me.user.id),
      press('name'),
    ]) {
      expect(await tell(event)).toMatchObject({
        failure: undefined,
        buttons: expect.arrayContaining(['tarot:spread:yesno']),
      });
    }
  });
});

describe('what is kept', () => {
  it('is listed, shown again, exported and erased', async () => {
    const me = await person();
    const { tell, ask } = await talk(goodReader, me);
    await ask('time', 'Why?');
    const { skill, text } = await tell(press('draw'));
    const within = <T>(work: Parameters<typeof database.tenant.tenant<T>>[1]) =>
      database.tenant.tenant(me.bot.organizationId, work);
    const [entry] = (await within(async (tx) => skill.history?.(tx, me.user, 5))) ?? [];
    expect(entry?.title).toContain('Why?');
    expect((await tell(press('show', entry?.data?.split(':')[2]))).text).toBe(text);
    expect(await within(async (tx) => skill.export?.(tx, me.user))).toMatchObject([{ question: 'Why?' }]);
    await within(async (tx) => skill.erase?.(tx, me.user));
    expect(await rowsOf(me)).toEqual([]);
  });
});
