import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { anImageTask, describeImageModel } from '../conformance-image.ts';
import { createLocalModel } from './local-model.ts';

const soon = () => AbortSignal.timeout(5_000);
const maxBytes = 20_000_000;
const aTask = (more: object = {}) => anImageTask({ model: 'local', width: 64, height: 48, count: 1, ...more });

/** A provider whose time passes when it is told to. */
function startLocal({ seconds = 4, steps = 8 } = {}) {
  let time = 1_000_000;
  let taken = 0;
  return {
    open() {
      const model = createLocalModel({ seconds, steps, now: () => time });
      const { submit } = model;
      model.submit = async (...args) => {
        const begun = await submit(...args);
        taken += 1;
        return begun;
      };
      return model;
    },
    taken: () => taken,
    pass(ms: number) {
      time += ms;
    },
  };
}

async function reference(model: ReturnType<typeof createLocalModel>, more: object = {}): Promise<string> {
  const begun = await model.submit(aTask(more), { signal: soon() });
  return 'reference' in begun ? begun.reference : '';
}

async function draw(more: object = {}): Promise<Buffer> {
  const model = createLocalModel({ seconds: 0, steps: 1 });
  const progress = await model.look(await reference(model, more), soon());
  if (progress.state !== 'finished' || progress.outcome !== 'made') throw new Error(JSON.stringify(progress));
  const [made] = progress.pictures;
  return model.fetch(made?.picture ?? { url: '' }, { maxBytes, signal: soon() });
}

describeImageModel('local', async () => {
  const local = startLocal();
  return {
    ...local,
    model: 'local',
    reach: async (stage) => local.pass(stage === 'running' ? 2_000 : 4_000),
    prompts: { refused: 'refuse: a lighthouse', failed: 'fail: a lighthouse' },
    isSynchronous: false,
    close: async () => {},
  };
});

it('reports its steps, each of the same length', async () => {
  const local = startLocal({ seconds: 4, steps: 4 });
  const id = await reference(local.open());
  const seen: unknown[] = [];
  for (let ms = 0; ms <= 4_000; ms += 500) {
    const progress = await local.open().look(id, soon());
    seen.push(progress.state === 'running' ? progress.share : progress.state);
    local.pass(500);
  }
  expect(seen).toEqual(['queued', 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 'finished']);
});

it('is done at once when it takes no time', async () => {
  const model = createLocalModel({ seconds: 0, steps: 1 });
  expect(await model.look(await reference(model), soon())).toMatchObject({ state: 'finished', outcome: 'made' });
});

it('draws the same for the same seed and prompt, and something else for others', async () => {
  const picture = await draw({ seed: 1 });
  expect(await draw({ seed: 1 })).toEqual(picture);
  expect((await draw({ seed: 2 })).equals(picture)).toBe(false);
  expect((await draw({ seed: 1, prompt: 'A ship' })).equals(picture)).toBe(false);
});

it('draws more than one colour, in as many bytes as the header says', async () => {
  const png = await draw();
  const data = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
  const rows = inflateSync(data);
  expect(rows.length).toBe(48 * (1 + 64 * 3));
  expect(new Set(rows).size).toBeGreaterThan(20);
});

it('stops drawing when its caller leaves', async () => {
  const model = createLocalModel({ seconds: 0, steps: 1 });
  const progress = await model.look(await reference(model, { width: 2048, height: 2048 }), soon());
  if (progress.state !== 'finished' || progress.outcome !== 'made') throw new Error('made none');
  const leaving = new AbortController();
  const drawing = model.fetch(progress.pictures[0]?.picture ?? { url: '' }, { maxBytes, signal: leaving.signal });
  setTimeout(() => leaving.abort(), 20);
  await expect(drawing).rejects.toMatchObject({ name: 'AiFailure', reason: 'cancelled' });
});

it('keeps cancelled what it cancelled', async () => {
  const local = startLocal();
  const model = local.open();
  const id = await reference(model);
  expect(await model.cancel(id, soon())).toBe('cancelled');
  local.pass(10_000);
  expect(await model.look(id, soon())).toEqual({ state: 'finished', outcome: 'cancelled' });
});
