import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideWorkers, type QueueSample, type WorkerRules } from './decide-workers.ts';
import { type ScalingState, startScaling } from './stable-window.ts';
import queue from './traces/queue.json' with { type: 'json' };

const GIB = 2 ** 30;
const host = { totalBytes: 8 * GIB, availableBytes: 6 * GIB };
const manifest = { instances: { min: 1, max: 4 }, concurrency: 2, memory: 192 };
const rules: WorkerRules = { manifest, cores: 8 };

/** Many jobs have waited for long, and all processes are at work. */
const backlog: QueueSample = {
  at: 0,
  instances: 1,
  waiting: 100,
  oldestSeconds: 11,
  working: 2,
  jobSeconds: 2,
  host,
};
const decide = (sample: Partial<QueueSample>, others: Partial<WorkerRules> = {}) =>
  decideWorkers(startScaling(sample.instances ?? 1), { ...backlog, ...sample }, { ...rules, ...others });

describe('decideWorkers on a recorded queue', () => {
  let state: ScalingState = startScaling(queue.instances);
  const steps = (queue.samples as [number, number, number, number][]).map(([at, waiting, oldestSeconds, working]) => {
    // It was recorded with one process; more would all be as full while jobs wait.
    const sample = { at, instances: state.wanted, waiting, oldestSeconds, working: working * state.wanted };
    const decision = decideWorkers(state, { ...sample, jobSeconds: 2, host }, rules);
    state = decision.state;
    return { ...sample, ...decision };
  });
  const flood = steps.findIndex(({ waiting }) => waiting > 10);

  it('leaves a trickle to one process, though jobs sometimes wait for a moment', () => {
    const trickle = steps.slice(0, flood);
    expect(trickle.some(({ waiting }) => waiting > 2)).toBe(true);
    expect(new Set(trickle.map(({ wanted }) => wanted))).toEqual(new Set([1]));
  });

  it('starts a second one when the oldest of a flood has waited too long', () => {
    const up = steps.find(({ wanted }) => wanted > 1);
    expect(up?.wanted).toBe(2);
    expect(up?.oldestSeconds).toBeGreaterThan(10);
    expect(up?.oldestSeconds).toBeLessThanOrEqual(12);
    expect(up?.reason).toMatch(/^\d+ wait, the oldest for 1[12] s; 2 process\(es\) do them in 30 s$/);
  });

  it('goes back when nothing has waited for two minutes, and no sooner', () => {
    const lastWait = steps.findLast(({ waiting }) => waiting > 0)?.at as number;
    const down = steps.filter(({ wanted }, index) => wanted < (steps[index - 1]?.wanted ?? 1));
    expect(down).toHaveLength(1);
    expect(down[0]?.at).toBeGreaterThanOrEqual(lastWait + 120_000);
    expect(down[0]?.reason).toBe('nothing has waited for 120 s');
    expect(steps.at(-1)?.wanted).toBe(1);
  });
});

describe('decideWorkers', () => {
  it('asks for as many as do the waiting jobs in half a minute', () => {
    expect(decide({ waiting: 80 }).wanted).toBe(3);
    expect(decide({ waiting: 80, jobSeconds: 0.1 }).wanted).toBe(1);
  });

  it('takes a job for as long as the oldest waits while none has ended', () => {
    expect(decide({ waiting: 8, oldestSeconds: 20, jobSeconds: undefined }).wanted).toBe(3);
  });

  it('waits while no job has waited long, and when all that wait are taken next', () => {
    expect(decide({ oldestSeconds: 10 }).wanted).toBe(1);
    expect(decide({ waiting: 2, jobSeconds: 600 }).wanted).toBe(1);
  });

  it('starts none for jobs that wait though processes have room', () => {
    expect(decide({ instances: 3, working: 2 })).toMatchObject({
      wanted: 3,
      reason: '100 wait, the oldest for 11 s; 2 of 6 places are taken',
    });
  });

  it('keeps those that the jobs under way fill, though nothing waits', () => {
    let state: ScalingState = startScaling(4);
    for (let second = 0; second <= 121; second++) {
      const working = second === 60 ? 5 : 1;
      const sample = { ...backlog, at: second * 1000, instances: state.wanted, waiting: 0, oldestSeconds: 0, working };
      state = decideWorkers(state, sample, rules).state;
    }
    expect(state.wanted).toBe(3);
  });

  it('is held by the manifest, the cores and the memory, and says which', () => {
    const flood = { waiting: 10_000 };
    expect(decide(flood)).toMatchObject({ wanted: 4, held: true, reason: expect.stringContaining('manifest') });
    expect(decide(flood, { cores: 2 })).toMatchObject({
      wanted: 2,
      held: true,
      reason: expect.stringContaining('cores'),
    });
    const tight = { totalBytes: 8 * GIB, availableBytes: 1.2 * GIB };
    expect(decide({ ...flood, host: tight })).toMatchObject({
      wanted: 2,
      reason: expect.stringContaining('a process may take 288 MiB, 1229 MiB are available'),
    });
  });

  it('takes the number that the operator set', () => {
    expect(decide({}, { fixed: 2 })).toMatchObject({ wanted: 2, held: false, reason: 'the operator set 2' });
    expect(decide({}, { fixed: 0 }).wanted).toBe(0);
  });

  const moments = fc.array(
    fc.record({
      waiting: fc.nat(200),
      more: fc.nat(200),
      oldestSeconds: fc.nat(60),
      older: fc.nat(60),
      working: fc.nat(10),
      instances: fc.nat(5),
      jobSeconds: fc.option(fc.nat(100), { nil: undefined }),
      availableBytes: fc.nat(4 * GIB),
    }),
    { minLength: 1, maxLength: 200 },
  );

  it('stays between the least and the most number, and wants no fewer for a greater load', () => {
    fc.assert(
      fc.property(moments, (samples) => {
        let [less, more]: [ScalingState, ScalingState] = [startScaling(1), startScaling(1)];
        samples.forEach(({ availableBytes, ...moment }, second) => {
          const sample = { ...moment, at: second * 1000, host: { totalBytes: 4 * GIB, availableBytes } };
          const low = decideWorkers(less, sample, rules);
          const high = decideWorkers(
            more,
            {
              ...sample,
              waiting: moment.waiting + moment.more,
              oldestSeconds: moment.oldestSeconds + moment.older,
            },
            rules,
          );
          expect(low.wanted).toBeGreaterThanOrEqual(1);
          expect(high.wanted).toBeLessThanOrEqual(4);
          expect(high.wanted).toBeGreaterThanOrEqual(low.wanted);
          [less, more] = [low.state, high.state];
        });
      }),
    );
  });
});
