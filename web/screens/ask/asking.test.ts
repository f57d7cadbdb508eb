import { type AskEvent, NetworkError, ProblemError, type Schemas } from '@pandect/client';
import { describe, expect, it, vi } from 'vitest';
import { type Asking, createAsking } from './asking.ts';
import { createKept, NEW } from './kept.ts';

function memory() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

const answer = { answer: 'Five years [1].', conversationId: 'c1' } as Schemas['Answer'];
const done: AskEvent = { event: 'done', data: answer };
const delta = (text: string): AskEvent => ({ event: 'delta', data: { text } });
const problem = (name: string) =>
  new ProblemError({ type: `urn:pandect:problem:${name}`, title: name, status: 409, detail: '' });

/** A client whose streams the test feeds. */
function scene(storage = memory()) {
  const asked: { question: object; key: string; feed(event: AskEvent | Error): void }[] = [];
  const stopped: string[] = [];
  let unknownKeys = 0;
  const client = {
    ask(question: object, { key = `key-${asked.length}` }: { key?: string } = {}) {
      return {
        key,
        async *[Symbol.asyncIterator]() {
          const events: (AskEvent | Error)[] = [];
          let wake = () => {};
          const take = (event: AskEvent | Error) => {
            events.push(event);
            wake();
          };
          asked.push({ question, key, feed: take });
          while (true) {
            const event = events.shift();
            if (event instanceof Error) throw event;
            if (event) yield event;
            else {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            }
            if (event && event === done) return;
          }
        },
      };
    },
    async stopAsking(key: string) {
      if (unknownKeys-- > 0) throw problem('not-found');
      stopped.push(key);
    },
  };
  const onDone = vi.fn(async () => {});
  const kept = createKept(storage);
  const asking = createAsking({ client: client as never, kept, onDone, onEnd: () => {} });
  const feed = async (...events: (AskEvent | Error)[]) => {
    for (const event of events) asked.at(-1)?.feed(event);
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { asking, asked, feed, onDone, kept, storage, stopped, setUnknown: (times: number) => (unknownKeys = times) };
}
const stateOf = (asking: Asking, slot = NEW) => asking.get(slot)?.state;

describe('a question', () => {
  it('goes from asking to done, and is taken away when the conversation has it', async () => {
    const { asking, feed, onDone, kept, asked } = scene();
    asking.ask('c1', 'How long?');
    expect([stateOf(asking, 'c1'), kept.asked(Date.now()).length]).toEqual(['asking', 1]);
    await feed({ event: 'passages', data: { passages: [] } }, delta('Five '), delta('years'));
    expect(asking.get('c1')).toMatchObject({ state: 'answering', text: 'Five years' });
    expect(asked[0]?.question).toEqual({ question: 'How long?', conversationId: 'c1' });
    await feed(done);
    expect(onDone).toHaveBeenCalledWith(expect.objectContaining({ slot: 'c1', answer, state: 'done' }));
    expect([asking.get('c1'), kept.asked(Date.now())]).toEqual([undefined, []]);
  });

  it('continues after a reload under its key', async () => {
    const before = scene();
    before.asking.ask(NEW, 'How long?');
    await before.feed(delta('Five'));
    const { asking, asked, feed } = scene(before.storage);
    expect(asking.get(NEW)).toMatchObject({ question: 'How long?', state: 'asking' });
    await feed(delta('Five years'));
    expect([asked[0]?.key, asking.get(NEW)?.text]).toEqual([before.asked[0]?.key, 'Five years']);
  });

  it('is asked of the chosen documents alone, after a reload and at another attempt too', async () => {
    const before = scene();
    const chosen = [{ id: 'd1', title: 'Lease' }];
    before.kept.keepChosen('c1', chosen);
    before.asking.ask('c1', 'How long?', before.kept.chosen('c1'));
    await before.feed();
    const { asking, asked, feed } = scene(before.storage);
    await feed(problem('daily-questions-used'));
    asking.retry('c1');
    await feed();
    const question = { question: 'How long?', conversationId: 'c1', documentIds: ['d1'] };
    expect([...before.asked, ...asked].map((each) => each.question)).toEqual([question, question, question]);
  });

  it('drops what was shown when the answer begins again, and says when the connection is lost', async () => {
    const { asking, feed } = scene();
    asking.ask(NEW, 'How long?');
    await feed(delta('Fifty'), { event: 'lost', data: { retryInMs: 1 } });
    expect(asking.get(NEW)).toMatchObject({ state: 'lost', text: 'Fifty' });
    await feed({ event: 'restart', data: {} }, delta('Five'));
    expect(asking.get(NEW)).toMatchObject({ state: 'answering', text: 'Five' });
  });

  it('that failed can be asked again under its key, or be dismissed', async () => {
    const { asking, asked, feed, kept } = scene();
    asking.ask(NEW, 'How long?');
    await feed(problem('daily-questions-used'));
    expect([stateOf(asking), kept.asked(Date.now())]).toEqual(['failed', []]);
    asking.retry(NEW);
    await feed();
    expect([stateOf(asking), asked[1]?.key]).toEqual(['asking', asked[0]?.key]);
    await feed(new NetworkError('gone'));
    // The answer may be there: a reload looks for it.
    expect([stateOf(asking), kept.asked(Date.now()).length]).toEqual(['failed', 1]);
    asking.dismiss(NEW);
    expect([stateOf(asking), kept.asked(Date.now())]).toEqual([undefined, []]);
  });
});

describe('stopping', () => {
  it('tells the server, also while it does not know the key yet, and stays so until the end', async () => {
    const { asking, asked, feed, stopped, setUnknown } = scene();
    setUnknown(2);
    asking.ask(NEW, 'How long?');
    await feed(delta('Five'));
    asking.stop(NEW);
    asking.stop(NEW);
    await feed(delta(' years'));
    expect(asking.get(NEW)).toMatchObject({ state: 'stopping', text: 'Five years' });
    await vi.waitFor(() => expect(stopped).toEqual([asked[0]?.key]));
    await feed(done);
    expect(asking.get(NEW)).toBeUndefined();
  });
});

describe('what is kept', () => {
  it.each([
    '',
    '{',
    '[1, null, {}]',
    '{"a": 1}',
    '[{"slot": "new", "key": "", "question": "q", "at": 1}]',
    '[{"slot": "new", "key": "k", "question": "q", "documents": [{"id": "d1"}], "at": 1}]',
  ])('is nothing where storage holds %j', (text) => {
    const storage = memory();
    storage.setItem('pandect-asked', text);
    expect(createKept(storage).asked(1)).toEqual([]);
  });

  it('has a draft for each conversation, and does without a storage that refuses', () => {
    const kept = createKept(memory());
    kept.keepDraft('c1', 'A draft');
    expect([kept.draft('c1'), kept.draft(NEW)]).toEqual(['A draft', '']);
    kept.keepDraft('c1', '');
    expect(kept.draft('c1')).toBe('');
    const full = createKept({
      ...memory(),
      setItem() {
        throw new Error('QuotaExceededError');
      },
    });
    full.keepDraft('c1', 'text');
    full.keep({ slot: NEW, key: 'k', question: 'q', at: 1 });
    full.begin('c1');
  });

  it('goes along with the conversation that begins, as it was left while the first answer came', async () => {
    const { asking, kept, feed, onDone } = scene();
    onDone.mockImplementationOnce(async () => kept.begin('c1'));
    kept.keepChosen(NEW, [{ id: 'd1', title: 'Lease' }]);
    asking.ask(NEW, 'How long?', kept.chosen(NEW));
    await feed(delta('Five'));
    kept.keepDraft(NEW, 'And the rent?');
    kept.keepChosen(NEW, [{ id: 'd2', title: 'Gym' }]);
    await feed(done);
    expect([kept.draft('c1'), kept.chosen('c1')]).toEqual(['And the rent?', [{ id: 'd2', title: 'Gym' }]]);
    expect([kept.draft(NEW), kept.chosen(NEW)]).toEqual(['', []]);
  });
});
