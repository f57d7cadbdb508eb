import { describe, expect, it } from 'vitest';
import { readInput } from './input/read-input.ts';
import { makePlan, type Plan } from './make-plan.ts';
import { packsToBreakEven } from './money.ts';
import { containerMiB, idlePlatformMiB } from './plan-memory.ts';
import { inFlight, instancesFor, workersFor } from './plan-units.ts';
import { workedUnits } from './units.fixture.ts';

/*
 * Five systems, worked out by hand. Prices of machines and models are assumptions of these examples.
 */

const plan = (input: object): Plan => makePlan(readInput(input), workedUnits);
const codes = (made: Plan) => made.warnings.map(({ code }) => code);
const message = (made: Plan, code: string) => made.warnings.find((each) => each.code === code)?.message;
const percent = (share: number | undefined) => Math.round((share ?? 0) * 1_000) / 10;

describe('questions about documents: 5,000 an hour, 8 s each, 4 cores and 16 GB', () => {
  const questions = { perHour: 5_000, perDay: 50_000, seconds: 8, tokensIn: 3_000, tokensOut: 400 };
  const host = { cores: 4, memoryGb: 16, diskGb: 100 };

  it('are 11 in flight, 33 in a burst; one process has room for them, the processor wants two', () => {
    const { mean, burst } = inFlight(5_000, 8);
    expect([mean, burst].map(Math.floor)).toEqual([11, 33]);
    expect(instancesFor(burst, 150)).toBe(1);
    const ask = plan({ questions, host }).units.find(({ unit }) => unit === 'ask');
    expect(ask).toMatchObject({ instances: 2, decidedBy: 'processor' });
    expect(ask?.inFlight).toBeCloseTo(11.11, 2);
  });

  it('cost 161,700 a month of 22 days with 30 % from the cache', () => {
    const prices = { core: 0, memoryGb: 0, millionTokensIn: 50, millionTokensOut: 150 };
    const { stages } = plan({ questions: { ...questions, cacheShare: 0.3 }, daysPerMonth: 22, prices, host });
    expect(stages.map(({ cost }) => cost?.variable)).toEqual(stages.map(() => 161_700));
  });

  it('in containers of 10.75 GiB: that of the platform needs 6 GiB, or one parser for each worker', () => {
    const sizes = { postgres: 2048, redis: 384, qdrant: 4096, pandect: 4096, caddy: 384 };
    const processes = Object.entries(sizes).map(([name, memoryMegabytes]) => ({ name, memoryMegabytes }));
    const made = plan({ host, processes });
    expect(made.processes?.limitsMb).toBe(10.75 * 1024);
    expect(made.memory.atLimitsMiB).toBe(4_256);
    expect(message(made, 'container-memory')).toMatch(
      /over its limit of 4096 MB\. Raise it to 6 GiB, or lower the concurrency of ingest to 1\.$/,
    );
    expect(Math.ceil(containerMiB(workedUnits) / 1024)).toBe(6);
  });
});

describe('12 generations of pictures at a time', () => {
  const host = { cores: 4, memoryGb: 16, diskGb: 100 };
  const images = { perHour: 300, seconds: 120, slots: 12 };

  it('name the line, and how many slots are enough', () => {
    const made = plan({ images: { ...images, atOnce: 100 }, host });
    expect(made.queues).toMatchObject([{ work: 'images', slots: 12, slotsOf: 'provider', slotsWanted: 14 }]);
    expect(made.queues[0]?.atOnce).toEqual({ people: 100, lastSeconds: 1_080, meanSeconds: 561.6 });
    expect(message(made, 'long-waits')).toBe(
      'images: 16.5 % wait longer than 60 s, more than 5.0 %. 14 slots are enough.',
    );
    expect(codes(made)).toContain('at-once');
  });

  it('never catch up at 360 an hour, nor with the 8 slots of before', () => {
    expect(message(plan({ images: { ...images, perHour: 360 }, host }), 'never-catches-up')).toMatch(
      /^images: 360 an hour never catch up: 12 slots do 360 an hour, sensibly 252\./,
    );
    expect(codes(plan({ images: { ...images, slots: 8 }, host }))).toContain('never-catches-up');
  });

  it('of 240 an hour keep 10 slots busy for 80 % of the time', () => expect(workersFor(240, 120)).toBe(10));

  it('pools of 100 in 20 processes are 2,000 connections and refused', () => {
    const processes = [
      { name: 'api', count: 8, memoryMegabytes: 200, pool: 100 },
      { name: 'worker', count: 12, memoryMegabytes: 200, pool: 100 },
    ];
    const made = plan({ host, processes, database: { maxConnections: 100 } });
    expect(made.processes?.connections).toBe(2_000);
    expect(message(made, 'connections')).toMatch(
      /^Pools count for each process: .* 2000 connections, over the 97 .* Give each process 4 at most\.$/,
    );
  });

  it.each([
    [240, 10.97, false],
    [2_400, 109.7, true],
  ])('%d pictures a day kept for 30 days take %d GiB', (perDay, gib, isWarned) => {
    const made = plan({ images: { perDay, megabytesEach: 1.56, keepDays: 30 }, host: { ...host, diskGb: 500 } });
    expect(made.disk.parts.find(({ name }) => name === 'pictures')?.gib).toBeCloseTo(gib, 1);
    expect(codes(made).includes('pictures')).toBe(isWarned);
  });
});

describe('a bot for 100 users on 3 cores and 3 GB', () => {
  const processes = (workers: number) => [
    { name: 'redis', memoryMegabytes: 256 },
    { name: 'api', memoryMegabytes: 200 },
    { name: 'bot', memoryMegabytes: 150 },
    { name: 'worker', count: workers, memoryMegabytes: 250, maxJobs: 15 },
  ];
  const description = (workers: number, system = 400, memoryGb = 3) => ({
    ...{ users: 100, host: { cores: 3, memoryGb, diskGb: 40 }, systemMegabytes: system, processes: processes(workers) },
    megabytesPerUser: { least: 15, most: 18 },
  });

  it.each([
    [1, 400, 856, 1_256, 40.9, [2_756, 3_056], [89.7, 99.5]],
    [2, 400, 1_106, 1_506, 49, [3_006, 3_306], [97.9, 107.6]],
    [2, 500, 1_106, 1_606, 52.3, [3_106, 3_406], [101.1, 110.9]],
  ])('%d workers and %d MB of the system', (workers, system, limits, withSystem, share, users, shares) => {
    const sums = plan(description(workers, system)).processes;
    expect(sums).toMatchObject({ limitsMb: limits, withSystemMb: withSystem });
    expect(percent(sums?.withSystemShare)).toBe(share);
    expect([sums?.withUsersMb?.least, sums?.withUsersMb?.most]).toEqual(users);
    expect([percent(sums?.withUsersShare?.least), percent(sums?.withUsersShare?.most)]).toEqual(shares);
  });

  it('has the shares of the description where a GB has 1,000 MB', () => {
    const shares = [1, 2].map((workers) => plan(description(workers, 400, 3_000 / 1_024)).processes?.withUsersShare);
    expect(shares.flatMap((each) => [each?.least, each?.most]).map((each) => Math.round(100 * (each ?? 0)))).toEqual([
      ...[92, 102, 100, 110],
    ]);
  });

  it('names the mistakes of the description', () => {
    const redis = { maxmemoryMegabytes: 512, limitMegabytes: 256, policy: 'allkeys-lru', holdsJobs: true };
    const host = { cores: 3, memoryGb: 3, diskGb: 40, swapGb: 0 };
    const made = plan({ ...description(2), host, redis });
    expect(codes(made).slice(0, 2)).toEqual(['redis-memory', 'redis-evicts-jobs']);
    expect(message(made, 'redis-memory')).toMatch(/^Redis: maxmemory 512 MB is above 192 MB, .* 256 MB/);
    expect(message(made, 'max-jobs')).toBe(
      'worker: max-jobs 15 is the number of jobs after which a process ends, not how many it works on: 2 × 1 work at the same time.',
    );
    expect(message(made, 'users-count-twice')).toMatch(/are 1506 MB \(49\.0 %\), not 3006 MB to 3306 MB\./);
    expect(message(made, 'swap')).toBe('Swap: 0 GB, less than the 2 GB that 3 GB of memory need.');
    expect(codes(made)).not.toContain('limits-over-host');
  });

  it('names limits that are over the host', () => {
    const made = plan({ ...description(2), host: { cores: 3, memoryGb: 1, diskGb: 40 } });
    expect(message(made, 'limits-over-host')).toBe(
      'Limits of 1106 MB and 400 MB of the system are 1506 MB, over the 1024 MB of the host.',
    );
  });

  it('leaves an idle platform of ten functions and five workers 1.8 GB of 3', () => {
    expect(idlePlatformMiB(10, 5)).toBe(730);
    const { memory, swapGb } = plan({ host: { cores: 3, memoryGb: 3, diskGb: 40 } });
    expect(memory).toMatchObject({ idleMiB: 730, idleFreeMiB: 1_892 });
    expect(swapGb).toEqual({ least: 2, most: 4 });
  });

  it('serves 100 people with one parser within 85 % of 3 GB', () => {
    const made = plan({ users: 100, questions: { perUserPerDay: 5 }, documents: { count: 500, newPerDay: 20 } });
    expect(made.stages[0]).toMatchObject({ name: '3 GB', isChosen: true, lacks: [] });
    expect(made.memory.parts.find(({ name }) => name === 'children')?.mib).toBe(300);
  });

  it('adds up what the platform takes for images and bots on 3 GB', () => {
    const own = {
      ...{ postgres: 250, redis: 30, caddy: 50, supervisor: 90, bot: 90, outbox: 80 },
      pictures: 120,
      child: 200,
    };
    const made = plan({
      host: { cores: 3, memoryGb: 3, diskGb: 40 },
      processes: [
        ...Object.entries(own).map(([name, memoryMegabytes]) => ({ name, memoryMegabytes })),
        { name: 'functions', count: 4, memoryMegabytes: 60 },
        { name: 'workers', count: 3, memoryMegabytes: 70 },
      ],
    });
    expect(made.processes).toMatchObject({ limitsMb: 1_360, withSystemMb: 1_810 });
    expect(percent(made.processes?.withSystemShare)).toBe(58.9);
  });
});

describe('a chat bot in three stages', () => {
  const common = { seconds: 8, tokensIn: 600, tokensOut: 500 };
  const prices = { millionTokensIn: 100, millionTokensOut: 100 };
  const machines = (prices: Record<string, number>, ...servers: object[]) => [
    ...servers,
    ...Object.entries(prices).map(([name, price]) => ({ name, price })),
  ];

  it('by the prices of a list', () => {
    const { ownStages } = plan({
      prices: { millionTokensIn: 100, millionTokensOut: 100 },
      stages: [
        { ...{ name: 'start', users: 30, perUserPerDay: 2, ...common }, machines: machines({ server: 1_500 }) },
        {
          ...{ name: 'partners', users: 300, perUserPerDay: 3, cacheShare: 0.2, ...common },
          machines: machines(
            { database: 4_000, redis: 2_500, balancer: 1_500, monitoring: 1_800 },
            { name: 'server', count: 2, price: 2_500 },
          ),
        },
        {
          ...{ name: 'production', users: 5_000, perUserPerDay: 2, cacheShare: 0.35, slots: 10, ...common },
          machines: machines({ servers: 9_000, database: 12_000, redis: 5_000, balancer: 1_500, monitoring: 2_600 }),
        },
      ],
    });
    const rows = ownStages.map(({ callsPerDay, callsPerHour, queue, cost }) => [
      ...[callsPerDay, callsPerHour, queue.offered, queue.waitProbability, queue.meanWaitSeconds],
      ...[cost?.model, cost?.fixed, cost?.total, cost?.perRequest],
    ]);
    const expected = [
      [60, 7.2, 0.016, 0.016, 0.13, 198, 1_500, 1_698, 0.9433],
      [720, 86.4, 0.192, 0.192, 1.9, 2_376, 14_800, 17_176, 0.6361],
      [6_500, 780, 1.7333, 0.00001, 0, 21_450, 30_100, 51_550, 0.1718],
    ];
    const digits = [6, 6, 4, 5, 2, 6, 6, 6, 4];
    for (const [stage, row] of expected.entries()) {
      for (const [column, value] of row.entries()) expect(rows[stage]?.[column]).toBeCloseTo(value, digits[column]);
    }
    expect(ownStages.map(({ onOneServer }) => onOneServer?.total ?? null)).toEqual([
      null,
      2_500 + 2_376,
      9_000 + 21_450,
    ]);
  });

  it('with one call of the model at a time, production never catches up', () => {
    const [stage] = plan({
      stages: [{ name: 'one', users: 5_000, perUserPerDay: 2, cacheShare: 0.35, ...common }],
    }).ownStages;
    expect(stage?.queue).toMatchObject({ isStable: false, capacityPerHour: 450, sensiblePerHour: 315 });
  });

  // Addresses, and disks of monitoring and cache, are those with which the totals of the example hold.
  it('by the prices of cores, memory and disk', () => {
    const server = (cores: number, memoryGb: number, diskGb: number) => ({
      name: 'server',
      cores,
      memoryGb,
      diskGb,
      isPublic: true,
    });
    const stage = { tokensIn: 600, tokensOut: 400 };
    const { ownStages } = plan({
      prices: { core: 700, memoryGb: 250, diskGb: 12, address: 200, millionTokensIn: 200, millionTokensOut: 200 },
      stages: [
        { name: 'start', perDay: 100, ...stage, machines: [server(2, 2, 20), server(1, 1, 10)] },
        {
          ...{ name: 'partners', perDay: 1_000, cacheShare: 0.2, ...stage },
          machines: [
            { ...server(2, 4, 40), count: 2 },
            { name: 'balancer', price: 1_500 },
            { name: 'database', cores: 2, memoryGb: 4, diskGb: 40 },
            { name: 'cache', cores: 1, memoryGb: 1 },
            server(2, 4, 20),
          ],
        },
        {
          ...{ name: 'production', perDay: 20_000, cacheShare: 0.4, ...stage },
          machines: [
            { ...server(4, 8, 60), count: 3 },
            { name: 'balancer', count: 2, price: 1_500 },
            { name: 'database', count: 2, cores: 4, memoryGb: 16, diskGb: 200 },
            { name: 'cache', count: 2, cores: 1, memoryGb: 4 },
            server(2, 8, 40),
          ],
        },
      ],
    });
    expect(ownStages.map(({ cost }) => [cost?.fixed, cost?.model, cost?.total])).toEqual([
      [2_340 + 1_270, 600, 4_210],
      [14_330, 4_800, 19_130],
      [46_040, 72_000, 118_040],
    ]);
    expect(percent(ownStages[2]?.cost?.modelShare ?? 0)).toBe(61);
    expect(ownStages[2]?.cost?.savedByTenth).toBe(12_000);
  });

  it('sells packs until they pay for the machines, or never', () => {
    expect(packsToBreakEven(1_500, { price: 100, units: 50 }, 0.11)).toBeCloseTo(15.87, 2);
    expect(packsToBreakEven(1_500, { price: 5, units: 50 }, 0.11)).toBeNull();
  });

  it('gives units away, and lives on those who pay', () => {
    const stages = [
      { name: 'start', users: 30, perUserPerDay: 2, ...common, machines: machines({ server: 1_500 }) },
      {
        ...{ name: 'production', users: 5_000, perUserPerDay: 2, cacheShare: 0.35, ...common, slots: 10 },
        machines: machines({ all: 30_100 }),
      },
    ];
    const pack = { price: 100, units: 50, freeUnits: 20, conversion: 0.05, packsEach: 2 };
    const [start, production] = plan({ prices, stages, pack }).ownStages.map(({ sales }) => sales);
    // A unit costs 0.11 from the model, of which the cache saves 35 %.
    expect(start).toMatchObject({
      ...{ payers: 1.5, packs: 3, revenue: 300, freeUnits: 600, freeCost: 66, paidUnits: 150 },
      ...{ unmetUnits: 1_800 - 600 - 150, result: 300 - 1_698 },
    });
    expect(start?.breakEvenPacks).toBeCloseTo((1_500 + 66) / (100 - 5.5), 4);
    expect(start?.breakEvenConversion).toBeCloseTo(0.2762, 4);
    expect(production).toMatchObject({
      ...{ payers: 250, packs: 500, revenue: 50_000, freeUnits: 100_000, freeCost: 7_150, paidUnits: 25_000 },
      ...{ unmetUnits: 300_000 - 125_000, result: 50_000 - 51_550 },
    });
    expect(production?.breakEvenPacks).toBeCloseTo(386.31, 2);
    expect(production?.breakEvenConversion).toBeCloseTo(0.0386, 4);
  });

  it('cannot live on a pack that costs more than it brings, nor on fewer people than it takes', () => {
    const stage = { name: 'start', users: 10, perUserPerDay: 2, ...common, machines: machines({ server: 1_500 }) };
    const sold = (price: number) => plan({ prices, stages: [stage], pack: { price, units: 50, conversion: 0.1 } });
    expect(sold(5).ownStages[0]?.sales).toMatchObject({ breakEvenPacks: null, breakEvenConversion: null });
    expect(message(sold(5), 'pack-loses')).toBe(
      'start: a pack of 50 costs 5.5 in models and brings 5: each one that is sold loses.',
    );
    expect(sold(100).ownStages[0]?.sales).toMatchObject({
      breakEvenPacks: expect.any(Number),
      breakEvenConversion: null,
    });
    expect(codes(sold(100))).not.toContain('pack-loses');
  });

  it('is paid for on a host of the planner’s as well, whatever people ask for', () => {
    const input = {
      users: 300,
      readings: { perUserPerDay: 1 },
      questions: { perUserPerDay: 1, tokensIn: 600, tokensOut: 500 },
    };
    const all = { ...prices, core: 700, memoryGb: 250, diskGb: 12, address: 200 };
    const [stage] = plan({ ...input, prices: all, pack: { price: 100, units: 50, conversion: 0.1 } }).stages;
    // 3 cores, 3 GB, 40 GB and an address are 3,530; 18,000 questions and readings cost 0.11 each.
    expect(stage?.cost).toMatchObject({ fixed: 3_530, variable: 1_980 });
    expect(stage?.cost?.sales).toMatchObject({ packs: 30, revenue: 3_000, result: 3_000 - 5_510, unmetUnits: 16_500 });
    expect(stage?.cost?.sales?.breakEvenPacks).toBeCloseTo(3_530 / 94.5, 4);
  });
});
