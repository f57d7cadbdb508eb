import { z } from 'zod';
import { choice, count, figure, share, word } from './figures.ts';

/** What a plan is made from. Money is in one currency; a GB has 1024 MB. */

const MILLION = 1_000_000;

/** How much there is of a kind of work; the first of `perDay`, `perHour` and `perUserPerDay` that is given counts. */
const volume = {
  perDay: figure(0, 100 * MILLION).optional(),
  /** In the busiest hour. */
  perHour: figure(0, 10 * MILLION).optional(),
  perUserPerDay: figure(0, 10_000).optional(),
  /** Answered from the cache, without a model. */
  cacheShare: share().default(0),
};

/** Waits are measured against this: at most `waitShare` may wait longer than `waitSeconds`. */
const patience = { waitSeconds: figure(0, 86_400).default(60), waitShare: share().default(0.05) };
const seconds = () => figure(0.01, 86_400);
const tokens = () => figure(0, MILLION);
/** Calls that the provider's contract lets be in progress at a time. */
const slots = () => count(1, 100_000);

const talk = (time: number, tokensIn: number, tokensOut: number) =>
  z
    .strictObject({
      ...{ ...volume, ...patience, slots: slots().optional() },
      ...{
        seconds: seconds().default(time),
        tokensIn: tokens().default(tokensIn),
        tokensOut: tokens().default(tokensOut),
      },
    })
    .prefault({});

const images = z
  .strictObject({
    ...{ ...volume, ...patience, slots: slots().optional(), seconds: seconds().default(120) },
    picturesEach: count(1, 100).default(1),
    /** Of all variants of a picture. */
    megabytesEach: figure(0, 1_000).default(1.56),
    keepDays: figure(0, 36_500).default(30),
    /** People who press at the same moment. */
    atOnce: count(0, MILLION).optional(),
  })
  .prefault({});

const documents = z
  .strictObject({
    count: figure(0, 1_000 * MILLION).default(0),
    newPerDay: figure(0, 10 * MILLION).default(0),
    megabytesEach: figure(0, 1_000).default(1),
    pagesEach: figure(0, 100_000).default(10),
    /** Pages that are pictures of text. */
    scanShare: share().default(0),
    /** Versions that were replaced, to each one that serves. */
    replacedShare: figure(0, 100).default(0.1),
  })
  .prefault({});

const machine = {
  cores: figure(0.1, 10_000),
  memoryGb: figure(0.1, 100_000),
  diskGb: figure(0, MILLION).default(0),
};
const price = () => figure(0, 1_000 * MILLION);

/** A machine that is paid for: by its own price, or by the prices of cores, memory and disk. */
const hired = z.strictObject({
  name: word(),
  count: count(1, 10_000).default(1),
  price: price().optional(),
  cores: machine.cores.optional(),
  memoryGb: machine.memoryGb.optional(),
  diskGb: machine.diskGb,
  /** Whether it has a public address. */
  isPublic: z.boolean({ error: 'must be true or false' }).default(false),
});

const stage = z.strictObject({
  name: word(),
  users: count(0, 1_000 * MILLION).default(0),
  perUserPerDay: figure(0, 10_000).default(0),
  /** In place of the two above. */
  perDay: figure(0, 100 * MILLION).optional(),
  cacheShare: share().default(0),
  slots: slots().default(1),
  seconds: seconds().optional(),
  tokensIn: tokens().optional(),
  tokensOut: tokens().optional(),
  machines: z.array(hired).max(100).default([]),
});

const prices = z
  .strictObject({
    currency: word().default('₽'),
    core: price().optional(),
    memoryGb: price().optional(),
    diskGb: price().optional(),
    address: price().default(0),
    balancer: price().default(0),
    storageGb: price().default(0),
    egressGb: price().default(0),
    backupGb: price().default(0),
    millionTokensIn: price().default(0),
    millionTokensOut: price().default(0),
    picture: price().default(0),
    gpuSecond: price().default(0),
  })
  .prefault({});

/** A process of any system, as its description has it; `pool` counts for each process. */
const limited = z.strictObject({
  name: word(),
  count: count(1, 10_000).default(1),
  memoryMegabytes: figure(1, 10 * MILLION),
  pool: count(0, 10_000).default(0),
  concurrency: count(1, MILLION).default(1),
  /** Jobs after which it ends and is replaced. */
  maxJobs: count(1, MILLION).optional(),
});

export const inputSchema = z.strictObject({
  users: count(0, 1_000 * MILLION).default(0),
  organizations: count(0, 100 * MILLION).default(0),
  /** Of the users, those of a day. */
  activeShare: share().default(1),
  busiestHourShare: figure(0.01, 1).default(0.12),
  daysPerMonth: figure(1, 31).default(30),
  growthPerMonth: figure(0, 10).default(0.1),
  questions: talk(8, 3_000, 400),
  readings: talk(8, 600, 500),
  gateway: talk(8, 1_000, 500),
  images,
  documents,
  host: z.strictObject({ ...machine, swapGb: figure(0, MILLION).optional() }).optional(),
  /** Of the operating system. */
  systemMegabytes: figure(0, MILLION).default(450),
  database: z
    .strictObject({
      /** `DATABASE_CONNECTIONS` */
      connections: count(1, MILLION).default(160),
      /** `max_connections` of a server of one's own. */
      maxConnections: count(1, MILLION).optional(),
    })
    .prefault({}),
  redis: z
    .strictObject({
      maxmemoryMegabytes: figure(1, 10 * MILLION),
      limitMegabytes: figure(1, 10 * MILLION).optional(),
      policy: choice(
        ...(['noeviction', 'volatile-lru', 'volatile-lfu', 'volatile-ttl', 'volatile-random'] as const),
        ...(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'] as const),
      ).default('volatile-lru'),
      holdsJobs: z.boolean({ error: 'must be true or false' }).default(false),
    })
    .optional(),
  processes: z.array(limited).max(200).default([]),
  /** Memory that a description adds for each user. */
  megabytesPerUser: z.strictObject({ least: figure(0, 10_000), most: figure(0, 10_000) }).optional(),
  prices,
  stages: z.array(stage).max(20).default([]),
  /** What people pay: `price` for a pack of `units`, one for each question, reading or image. */
  pack: z
    .strictObject({
      price: price(),
      units: count(1, MILLION),
      /** For nothing, to each user in a month. */
      freeUnits: figure(0, MILLION).default(0),
      /** Of the users, those who buy in a month, and how many packs each of them. */
      conversion: share().default(0),
      packsEach: figure(0.01, 10_000).default(1),
    })
    .optional(),
});

export type PlanInput = z.output<typeof inputSchema>;
export type Prices = PlanInput['prices'];
export type Hired = z.output<typeof hired>;
export type StageInput = z.output<typeof stage>;
