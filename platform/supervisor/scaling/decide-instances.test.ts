import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideInstances, type FunctionRules, type FunctionSample, type FunctionScaling } from './decide-instances.ts';
import { type Decision, startScaling } from './stable-window.ts';
import burst from './traces/burst.json' with { type: 'json' };
import onOff from './traces/on-off.json' with { type: 'json' };
import overload from './traces/overload.json' with { type: 'json' };
import ramp from './traces/ramp.json' with { type: 'json' };
import sawtooth from './traces/sawtooth.json' with { type: 'json' };
import steady from './traces/steady.json' with { type: 'json' };

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const roomy = { totalBytes: 8 * GIB, availableBytes: 6 * GIB };
const cores = 4;
/** A process is meant to carry 14 requests. */
const manifest = { instances: { min: 1, max: 16 }, concurrency: 20, memory: 128 };

interface Step {
  second: number;
  wanted: number;
  reason: string;
}

/** The decisions on a recorded load, each of them carried out by the next sample. */
function replay(trace: typeof burst, rules: FunctionRules = { manifest, cores }, host = roomy): Step[] {
  let state: FunctionScaling = startScaling(trace.instances);
  return (trace.samples as [number, number, number, number][]).map(([at, inFlight, begun, recorded]) => {
    // With more processes than when it was recorded, those that were refused then would not have been.
    const refused = state.wanted > trace.instances ? 0 : recorded;
    const sample = { at, instances: state.wanted, inFlight, begun, refused, busy: 0, host };
    const decision = decideInstances(state, sample, rules);
    state = decision.state;
    return { second: Math.round(at / 1000), wanted: decision.wanted, reason: decision.reason };
  });
}

const changes = (steps: readonly Step[]): Step[] =>
  steps.filter(({ wanted }, index) => wanted !== (steps[index - 1]?.wanted ?? 1));
const most = (steps: readonly Step[]): number => Math.max(...steps.map(({ wanted }) => wanted));
const at = (steps: readonly Step[], second: number): number | undefined =>
  steps.find((step) => step.second === second)?.wanted;

/** Times at which the number rose, fell and rose again, or the other way round, within a minute. */
const flaps = (steps: readonly Step[]): number[] => {
  const turns = changes(steps).map((step) => ({ ...step, up: step.wanted > (at(steps, step.second - 1) ?? 1) }));
  return turns.flatMap(({ second, up }, index) => {
    const [next, last] = [turns[index + 1], turns[index + 2]];
    return next && last && next.up !== up && last.up === up && last.second - second < 60 ? [second] : [];
  });
};

const sampleOf = (sample: Partial<FunctionSample>): FunctionSample => ({
  at: 0,
  busy: 0,
  instances: 1,
  inFlight: 0,
  begun: 0,
  refused: 0,
  host: roomy,
  ...sample,
});

describe('decideInstances on recorded loads', () => {
  it('finds its number at the beginning of a steady load and stays there', () => {
    const steps = replay(steady);
    expect(changes(steps).length).toBeLessThanOrEqual(2);
    expect(steps.at(-1)?.wanted).toBeOneOf([3, 4]);
  });

  it('follows a ramp up without ever going down on the way, and comes back to one after it', () => {
    const steps = replay(ramp);
    const top = steps.findIndex(({ wanted }) => wanted === most(steps));
    const climb = steps.slice(0, top).map(({ wanted }) => wanted);
    expect(climb).toEqual(climb.toSorted((a, b) => a - b));
    expect(most(steps)).toBeOneOf([5, 6, 7]);
    expect(steps.at(-1)?.wanted).toBe(1);
    expect(changes(steps).length).toBeLessThanOrEqual(2 * most(steps));
  });

  it('has what a burst needs within three seconds, and gives it back a minute after its end', () => {
    const steps = replay(burst);
    const began = 21; // seconds; the burst lasts for ten
    const needed = Math.ceil(150 / 14);
    expect(at(steps, began - 1)).toBe(1);
    expect(at(steps, began)).toBeGreaterThanOrEqual(Math.ceil(149 / 20));
    expect(at(steps, began + 2)).toBe(needed);
    expect(at(steps, began + 10 + 55)).toBe(needed);
    expect(at(steps, began + 10 + 65)).toBe(1);
  });

  it('does not flap under a load that goes up and down around what two processes carry', () => {
    const steps = replay(sawtooth);
    expect(flaps(steps)).toEqual([]);
    expect(changes(steps).length).toBeLessThanOrEqual(3);
    expect(steps.at(-1)?.wanted).toBe(3);
  });

  it('keeps its processes through pauses of ten seconds, and gives them back when the load has gone', () => {
    const steps = replay(onOff);
    expect(flaps(steps)).toEqual([]);
    const whileItLasts = steps.filter(({ second }) => second > 2 && second < 160);
    expect(new Set(whileItLasts.map(({ wanted }) => wanted))).toEqual(new Set([3]));
    expect(steps.at(-1)?.wanted).toBe(1);
  });

  it('sees by refusals a load that no sample caught in flight', () => {
    expect(Math.max(...overload.samples.map(([, inFlight]) => inFlight as number))).toBeLessThan(5);
    const steps = replay(overload);
    expect(at(steps, 10)).toBe(1);
    expect(at(steps, 11)).toBeGreaterThanOrEqual(5);
    expect(flaps(steps)).toEqual([]);
  });

  it('never asks for more than the manifest allows, and says so', () => {
    const steps = replay(burst, { cores, manifest: { ...manifest, instances: { min: 2, max: 4 } } });
    expect(most(steps)).toBe(4);
    expect(Math.min(...steps.map(({ wanted }) => wanted))).toBe(2);
    expect(steps.find(({ second }) => second === 22)?.reason).toContain('held at 4, the most that its manifest allows');
  });

  it('starts none that would leave the host too little memory, and says so', () => {
    // A process takes 224 MiB at most, 820 MiB stay free: there is room for two more.
    const steps = replay(burst, { manifest, cores }, { totalBytes: 8 * GIB, availableBytes: 1300 * MIB });
    expect(at(steps, 21)).toBe(3);
    expect(steps.find(({ second }) => second === 21)?.reason).toBe(
      '149 requests, 50 in the mean; 20 fill a process; 8 wanted, held at 3: ' +
        'a process may take 224 MiB, 1300 MiB are available, and 819 MiB of them stay free',
    );
    const tight = replay(burst, { manifest, cores }, { totalBytes: 2 * GIB, availableBytes: (256 + 223) * MIB });
    expect(changes(tight)).toEqual([]);
  });
});

describe('decideInstances', () => {
  it('wants one process for an awake function, even when no one asks', () => {
    const rules = { cores, manifest: { ...manifest, instances: { min: 0, max: 2 } } };
    expect(decideInstances(startScaling(0), sampleOf({ instances: 0 }), rules).wanted).toBe(1);
  });

  it('takes the number that the operator set, whatever the load', () => {
    const busy = sampleOf({ inFlight: 300 });
    expect(decideInstances(startScaling(1), busy, { manifest, cores, fixed: 2 })).toMatchObject({
      wanted: 2,
      reason: 'the operator set 2',
    });
    expect(decideInstances(startScaling(5), busy, { manifest, cores, fixed: 0 }).wanted).toBe(0);
  });

  it('starts the least number though memory is short, and ends none because of it', () => {
    const host = { totalBytes: GIB, availableBytes: 0 };
    const rules = { cores, manifest: { ...manifest, instances: { min: 2, max: 4 } } };
    expect(decideInstances(startScaling(1), sampleOf({ host }), rules).wanted).toBe(2);
    const loaded = sampleOf({ host, instances: 3, inFlight: 60 });
    expect(decideInstances(startScaling(3), loaded, rules).wanted).toBe(3);
  });

  it('takes away nothing after a time in which it saw nothing', () => {
    const before = decideInstances(startScaling(3), sampleOf({ at: 0, instances: 3 }), { manifest, cores });
    const after = sampleOf({ at: 3_600_000, instances: 3 });
    expect(decideInstances(before.state, after, { manifest, cores }).wanted).toBe(3);
  });

  it('is sure of its number when something was refused and nothing ran', () => {
    expect(
      decideInstances(startScaling(1), sampleOf({ instances: 0, begun: 0, refused: 1 }), { manifest, cores }).wanted,
    ).toBe(1);
  });

  /** So many seconds of the same load. */
  const hold = (state: FunctionScaling, sample: Partial<FunctionSample>, seconds: number, from = 0) => {
    const decisions = Array.from({ length: seconds }, (_, second) => {
      const decision = decideInstances(state, sampleOf({ ...sample, at: 1000 * (from + second) }), { manifest, cores });
      state = decision.state;
      return decision;
    });
    return decisions.at(-1) as Decision<FunctionScaling['recent'][number]>;
  };

  it('starts a second process for a busy event loop, no matter how few requests are in flight', () => {
    const { wanted, reason } = hold(startScaling(1), { inFlight: 3, busy: 0.9 }, 3);
    expect([wanted, reason]).toEqual([2, '3 requests, 3 in the mean; 20 fill a process; 90 % of a processor is used']);
    expect(hold(startScaling(1), { inFlight: 3, busy: 0.65 }, 3).wanted).toBe(1);
    expect(hold(startScaling(1), { busy: 7 }, 3).wanted).toBe(cores);
  });

  it('ends the second one when both have been calm for a minute, and not before', () => {
    const { state } = hold(startScaling(1), { busy: 0.9 }, 3);
    const shared = hold(state, { instances: 2, busy: 0.65 }, 90, 3);
    expect(shared.wanted).toBe(2);
    expect(hold(shared.state, { instances: 2, busy: 0.1 }, 59, 93).wanted).toBe(2);
    expect(hold(shared.state, { instances: 2, busy: 0.1 }, 63, 93).wanted).toBe(1);
  });

  it('starts none that the database has no room for, says so, and ends none because of it', () => {
    const connections = { processes: 1, each: 4, taken: 122, limit: 128 };
    const crowded = sampleOf({ inFlight: 100, connections });
    expect(decideInstances(startScaling(1), crowded, { manifest, cores })).toMatchObject({
      ...{ wanted: 2, held: true },
      reason:
        '100 requests, 100 in the mean; 20 fill a process; 8 wanted, held at 2: a process may open 4 connections to the ' +
        'database, and 122 of the 128 that scaling may use are taken (80 % of DATABASE_CONNECTIONS)',
    });
    const full = { ...crowded, instances: 3, connections: { ...connections, processes: 0 } };
    expect(decideInstances(startScaling(3), full, { manifest, cores }).wanted).toBe(3);
  });

  const moments = fc.array(
    fc.record({
      busy: fc.nat(16).map((quarters) => quarters / 4),
      inFlight: fc.nat(400),
      more: fc.nat(200),
      begun: fc.nat(300),
      refused: fc.nat(50),
      moreRefused: fc.nat(50),
      instances: fc.nat(8),
      availableBytes: fc.nat(4 * GIB),
    }),
    { minLength: 1, maxLength: 150 },
  );
  const rules = { cores, manifest: { instances: { min: 2, max: 7 }, concurrency: 20, memory: 128 } };
  const totalBytes = 4 * GIB;

  it('stays between the least and the most number, whatever happens', () => {
    fc.assert(
      fc.property(moments, (samples) => {
        let state: FunctionScaling = startScaling(2);
        samples.forEach(({ availableBytes, ...sample }, second) => {
          const host = { totalBytes, availableBytes };
          const decision = decideInstances(state, { ...sample, at: second * 1000, host }, rules);
          state = decision.state;
          expect(decision.wanted).toBeGreaterThanOrEqual(2);
          expect(decision.wanted).toBeLessThanOrEqual(7);
          expect(Math.max(0, decision.wanted - Math.max(2, sample.instances)) * 192 * MIB).toBeLessThanOrEqual(
            Math.max(0, availableBytes - totalBytes / 10),
          );
        });
      }),
    );
  });

  it('wants no fewer for a greater load', () => {
    fc.assert(
      fc.property(moments, (samples) => {
        let [less, more]: [FunctionScaling, FunctionScaling] = [startScaling(2), startScaling(2)];
        samples.forEach(({ availableBytes, ...sample }, second) => {
          const common = { ...sample, at: second * 1000, host: { totalBytes, availableBytes } };
          const greater = {
            ...common,
            inFlight: sample.inFlight + sample.more,
            refused: sample.refused + sample.moreRefused,
            busy: sample.busy + sample.more / 100,
          };
          const decisions: Decision<FunctionScaling['recent'][number]>[] = [
            decideInstances(less, common, rules),
            decideInstances(more, greater, rules),
          ];
          const [low, high] = decisions as [(typeof decisions)[0], (typeof decisions)[0]];
          expect(high.wanted).toBeGreaterThanOrEqual(low.wanted);
          [less, more] = [low.state, high.state];
        });
      }),
    );
  });
});
