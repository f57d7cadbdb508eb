import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { type ImageOutcome, type ImageProgress, NotAccepted, UncertainSubmit } from '../../models/image-model.ts';
import { madeOf, pictureScene } from './scene.fixture.ts';

const scene = await pictureScene();
const { sql, books, rowOf, filesOf, organization } = scene;

/** What is done to a process at one of its effects: nothing more of it is ever heard. */
class Killed extends Error {}

/** Lets a process do so many effects, in front of or behind which it then ends. */
function mortal(effects: number) {
  let left = effects;
  const pass = () => {
    left -= 1;
    if (left < 0) throw new Killed('killed');
  };
  return async <T>(work: () => Promise<T>): Promise<T> => {
    pass();
    const result = await work();
    pass();
    return result;
  };
}

const ends: ImageOutcome[] = [
  { outcome: 'refused', maybeCharged: true },
  { outcome: 'failed', reason: 'no-picture', maybeCharged: false },
  { outcome: 'cancelled' },
];
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const), effects: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('age' as const) }) },
);
const provider = fc.record({
  submit: fc.constantFrom('accept', 'accept', 'accept', 'uncertain', 'busy'),
  end: fc.constantFrom('made', 'made', 'made', 'refused', 'failed', 'cancelled'),
  count: fc.integer({ min: 1, max: 3 }),
  flagged: fc.integer({ min: 0, max: 3 }),
});

it('whatever is killed at whichever effect, what is held or charged is what is open or was delivered, and nothing is accepted twice', async () => {
  await fc.assert(
    fc.asyncProperty(provider, fc.array(step, { minLength: 1, maxLength: 6 }), async (how, steps) => {
      const { id: org, owner } = await organization();
      let accepted = 0;
      const flagged = Array.from({ length: how.flagged }, (_, index) => index);
      const open = scene.open({
        script: {
          submit() {
            if (how.submit === 'busy') {
              const end = { outcome: 'failed', reason: 'provider-down', maybeCharged: false } as const;
              throw new NotAccepted('busy', { retryable: true, end });
            }
            accepted += 1;
            if (how.submit === 'uncertain') throw new UncertainSubmit('reset');
          },
          look(reference): ImageProgress {
            if (how.end === 'made') return madeOf(reference, how.count, flagged);
            return { state: 'finished', ...(ends.find(({ outcome }) => outcome === how.end) as ImageOutcome) };
          },
        },
      });
      const { id: image } = await open.generations.create(
        owner,
        { prompt: 'A house', count: how.count },
        crypto.randomUUID(),
      );
      const doubtLonger = () =>
        sql`update images set uncertain_at = now() - interval '301 seconds' where id = ${image} and uncertain_at is not null`;
      const run = async (effects: number) => {
        const live = mortal(effects);
        const { database, storage } = open.deps;
        const model = { ...open.model };
        for (const name of ['submit', 'look', 'cancel', 'fetch'] as const) {
          const call = open.model[name] as (...given: unknown[]) => Promise<unknown>;
          Object.assign(model, { [name]: (...given: unknown[]) => live(() => call(...given)) });
        }
        const tenant: Database['tenant'] = (organizationId, work) => live(() => database.tenant(organizationId, work));
        const deps = {
          ...open.deps,
          ...{ database: { ...database, tenant }, models: { ...open.deps.models, modelOf: () => model } },
          storage: {
            ...storage,
            write: (...given: Parameters<typeof storage.write>) => live(() => storage.write(...given)),
          },
        };
        await open.run(org, image, undefined, deps).catch(() => {});
      };
      for (const one of steps) {
        if (one.kind === 'run') await run(one.effects);
        else if (one.kind === 'cancel') await open.generations.cancel(owner, image);
        else await doubtLonger();
        await check();
      }
      // The queue gives a job to a living process at last.
      for (let jobs = 0; jobs < 4; jobs += 1) {
        await run(1_000);
        await doubtLonger();
      }
      const row = await check();
      expect(row.ended_at).not.toBeNull();

      async function check() {
        const row = await rowOf(image);
        const files = await filesOf(image);
        const { used, states, charges } = await books(org);
        expect(accepted).toBeLessThanOrEqual(1);
        const delivered = files.length / 3;
        expect(delivered > 0).toBe(row.status === 'done');
        expect(used).toBe(row.ended_at === null ? how.count : row.status === 'done' ? delivered : 0);
        expect([charges, row.units]).toEqual(row.status === 'done' ? [1, delivered] : [0, 0]);
        expect(states).toEqual([row.ended_at === null ? 'reserved' : row.status === 'done' ? 'settled' : 'released']);
        return row;
      }
    }),
    { numRuns: 20 },
  );
}, 120_000);
