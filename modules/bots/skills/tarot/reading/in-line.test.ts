import { describe, expect, it, vi } from 'vitest';
import { type ChatModel, Postponed } from '../../../../models/index.ts';
import type { Turn } from '../../../contract.ts';
import { choiceAt, goodReader, laidIn, type Person, press, tarotScene, write } from '../tarot.fixture.ts';
import { words } from '../words.ts';

const { sql, serve, person, turn, books, rowsOf } = await tarotScene();

describe('a model that takes one call at a time', () => {
  /** A model that answers one question after the other, each when it is released. */
  async function single() {
    const releases: (() => void)[] = [];
    const order: string[] = [];
    let isBusy = false;
    const server = await serve(goodReader);
    const chat: ChatModel = {
      begin: async () => {
        if (isBusy) return { reason: 'full', retryAfterMs: 100 };
        isBusy = true;
        const end = () => {
          isBusy = false;
        };
        return { key: { id: 'k1', secret: '', weight: 1 }, isProbe: false, end };
      },
      async *stream(request, { turn: taken }) {
        const laid = laidIn(request as never);
        order.push(JSON.parse(String(request.messages[1]?.content)));
        await new Promise<void>((resolve) => releases.push(resolve));
        yield { type: 'text', text: laid.cards.map(({ card }) => card).join(', ') };
        yield { type: 'finish', reason: 'stop' };
        taken?.end({ outcome: 'success' });
      },
    };
    const catalogue = { route: async () => choiceAt(server, { chat, concurrency: 1 }) };
    return { catalogue, releases, order };
  }
  type Single = Awaited<ReturnType<typeof single>>;

  /** People who are about to draw, each with a question that is their id. */
  async function asking({ catalogue }: Single, count: number): Promise<Person[]> {
    const people = [];
    for (let index = 0; index < count; index += 1) {
      const who = await person();
      await turn({ catalogue }, who, press('spread', 'yesno'));
      await turn({ catalogue }, who, write(who.user.id));
      people.push(who);
    }
    return people;
  }

  /** Has somebody draw. `shown` is the newest preview. */
  function draw({ catalogue }: Single, who: Person, requestId: string = crypto.randomUUID()) {
    const drawn = { shown: '', requestId };
    const preview: Turn['preview'] = ({ text }) => {
      drawn.shown = text;
    };
    return Object.assign(drawn, { ended: turn({ catalogue }, who, press('draw'), { preview, requestId }) });
  }

  /** So long the last ones took. */
  const took = (seconds: number) => sql`update readings set seconds = ${seconds} where target = 'gpt-4'`;

  async function drawInTurn(model: Single, people: readonly Person[]) {
    const draws = [];
    for (const [place, who] of people.entries()) {
      const drawn = draw(model, who);
      draws.push(drawn);
      if (place === 0) await vi.waitFor(() => expect(model.releases).toHaveLength(1), 5_000);
      else await vi.waitFor(() => expect(drawn.shown).toContain(words.en.inLine(place, 30 * place)), 5_000);
      await took(30);
    }
    return draws;
  }

  async function serveAll({ releases }: Single, count: number, from = 1) {
    for (let served = from; served <= count; served += 1) {
      await vi.waitFor(() => expect(releases).toHaveLength(served), 8_000);
      releases[served - 1]?.();
    }
  }

  it('is asked in the order of arrival, and those who wait long are told their place', async () => {
    const model = await single();
    const people = await asking(model, 3);
    const draws = await drawInTurn(model, people);
    await serveAll(model, 3);
    const ended = await Promise.all(draws.map((each) => each.ended));
    expect(model.order).toEqual(people.map(({ user }) => user.id));
    expect(ended.map(({ finished }) => finished)).toEqual([1, 1, 1]);
  }, 30_000);

  it('is waited for elsewhere by those far behind, who keep their cards, their place and what they reserved', async () => {
    const model = await single();
    const people = await asking(model, 5);
    const draws = await drawInTurn(model, people);
    const last = people.at(-1) as Person;
    const postponed = await draws.at(-1)?.ended;
    expect(postponed).toMatchObject({ failure: new Postponed(10), texts: [] });
    expect(await books(last)).toEqual({ used: 1, states: ['reserved'] });
    const [before] = await rowsOf(last);
    await serveAll(model, 4);
    await Promise.all(draws.map((each) => each.ended));
    const again = draw(model, last, postponed?.requestId);
    await serveAll(model, 5, 5);
    expect(await again.ended).toMatchObject({ failure: undefined, finished: 1 });
    const [after] = await rowsOf(last);
    expect(after?.cards).toEqual(before?.cards);
    expect(await books(last)).toEqual({ used: 1, states: ['settled'] });
    expect(model.order).toEqual(people.map(({ user }) => user.id));
  }, 40_000);
});
