import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInput } from './input/read-input.ts';
import { makePlan, type Plan } from './make-plan.ts';
import { workedUnits } from './units.fixture.ts';

const plan = (input: object): Plan => makePlan(readInput(input), workedUnits);
const codes = (made: Plan) => made.warnings.map(({ code }) => code);

describe('makePlan', () => {
  it('says that nothing is asked where nothing is', () => {
    const made = plan({});
    expect(made.host.name).toBe('3 GB');
    expect(codes(made)).toEqual(['no-load']);
    expect(made.stages.every(({ cost }) => cost === null)).toBe(true);
    expect(made.queues).toEqual([]);
  });

  it('has no price of a request where there are none', () => {
    const { stages, ownStages } = plan({ prices: { core: 1, memoryGb: 1 }, stages: [{ name: 'empty' }] });
    expect(stages[0]?.cost).toMatchObject({
      fixed: 6,
      perRequest: null,
      perUser: null,
      perOrganization: null,
      each: [],
    });
    expect(ownStages[0]).toMatchObject({ cost: { total: 0, perRequest: null, modelShare: null }, onOneServer: null });
  });

  it('takes the first stage that suffices', () => {
    const chosen = (input: object) => plan(input).stages.find(({ isChosen }) => isChosen)?.name;
    expect(chosen({ questions: { perHour: 100 } })).toBe('3 GB');
    expect(chosen({ documents: { count: 100_000 }, questions: { perHour: 1_000 } })).toBe('32 GB');
    expect(chosen({ questions: { perHour: 500_000 } })).toBe('several hosts');
  });

  it('shares the price of the machines among all requests', () => {
    const prices = { core: 100, memoryGb: 100, diskGb: 0, picture: 5, millionTokensIn: 100, millionTokensOut: 100 };
    const input = { questions: { perDay: 100 }, images: { perDay: 100 }, prices, users: 10, organizations: 5 };
    const cost = plan({ ...input, questions: { ...input.questions, tokensIn: 600, tokensOut: 400 } }).stages[0]?.cost;
    expect(cost).toMatchObject({ fixed: 600, variable: 15_300, total: 15_900, perRequest: 2.65, perUser: 1_590 });
    expect(cost?.perOrganization).toBe(3_180);
    expect(cost?.each).toEqual([
      { work: 'questions', price: 0.2 },
      { work: 'images', price: 5.1 },
    ]);
  });

  it('tells what runs out first, and when', () => {
    const host = { cores: 8, memoryGb: 32, diskGb: 100 };
    const documents = { count: 10_000, newPerDay: 1_000, megabytesEach: 1, pagesEach: 1, replacedShare: 0 };
    const made = plan({ host, documents, growthPerMonth: 0 });
    // 70 GiB of which 2.8 GiB are the platform's, 10,000 MB now and 30,000 MB more each month.
    expect(made.runsOut[0]).toMatchObject({ resource: 'disk', most: 70, months: 2 });
    expect(made.runsOut.slice(1).map(({ months }) => months)).toEqual([null, null, null]);
    const [first] = plan({ host, images: { perHour: 200, seconds: 120, slots: 12, keepDays: 0 } }).runsOut;
    expect(first).toMatchObject({ resource: 'slots of images', used: 10, most: 12, months: 3 });
    expect(first?.atLoad).toBeCloseTo(1.33, 1);
  });

  it('refuses connections that cannot be', () => {
    const small = plan({ database: { connections: 20 } });
    expect(small.warnings[0]?.message).toMatch(
      /^\d+ processes with a database need \d+ connections, over the 20 of DATABASE_CONNECTIONS: the platform does not start them\. Set it to \d+\.$/,
    );
  });

  it('warns of a worker that may not take as long as the work does', () => {
    const made = plan({ documents: { count: 1, newPerDay: 1, pagesEach: 10_000, scanShare: 1 } });
    expect(codes(made)).toContain('timeout');
  });

  it('gives the platform on a small host what other containers leave', () => {
    const { limits } = plan({ host: { cores: 3, memoryGb: 3, diskGb: 40 }, questions: { perHour: 10 } });
    expect(limits.fits).toBe(true);
    expect(limits.totalMiB).toBeLessThanOrEqual(limits.roomMiB);
    expect(limits.platformMiB.least).toBeLessThan(limits.platformMiB.most);
  });
});

/** Values that tempt: none, very little, very much, and each bound. */
const figure = (least: number, most: number) =>
  fc.oneof(fc.constantFrom(least, most), fc.double({ min: least, max: most, noNaN: true }));
const whole = (least: number, most: number) =>
  fc.oneof(fc.constantFrom(least, most), fc.integer({ min: least, max: most }));
const some = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

const volume = {
  perDay: some(figure(0, 1e8)),
  perHour: some(figure(0, 1e7)),
  perUserPerDay: some(figure(0, 1e4)),
  cacheShare: figure(0, 1),
  seconds: figure(0.01, 86_400),
  slots: some(whole(1, 1e5)),
};
const inputs = fc.record({
  users: whole(0, 1e9),
  organizations: whole(0, 1e8),
  growthPerMonth: figure(0, 10),
  questions: fc.record({ ...volume, tokensIn: figure(0, 1e6) }),
  images: fc.record({
    ...volume,
    megabytesEach: figure(0, 1e3),
    keepDays: figure(0, 36_500),
    atOnce: some(whole(0, 1e6)),
  }),
  documents: fc.record({ count: figure(0, 1e9), newPerDay: figure(0, 1e7), scanShare: figure(0, 1) }),
  host: some(fc.record({ cores: figure(0.1, 1e4), memoryGb: figure(0.1, 1e5), diskGb: figure(0, 1e6) })),
  prices: fc.record({ core: some(figure(0, 1e9)), memoryGb: some(figure(0, 1e9)), picture: figure(0, 1e9) }),
  stages: fc.array(fc.record({ name: fc.constant('stage'), users: whole(0, 1e9), perUserPerDay: figure(0, 1e4) }), {
    maxLength: 2,
  }),
  pack: some(
    fc.record({ price: figure(0, 1e9), units: whole(1, 1e6), freeUnits: figure(0, 1e6), conversion: figure(0, 1) }),
  ),
});

function strays(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path}: ${value}`];
  if (typeof value === 'string') return /NaN|Infinity|undefined/.test(value) ? [`${path}: ${value}`] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => strays(inner, `${path}.${key}`));
}

it('has no figure that is not a finite number, whatever it is asked', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const given = JSON.parse(JSON.stringify(input)) as object;
      expect(strays(plan(given))).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);
