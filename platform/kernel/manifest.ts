import { z } from 'zod';

/**
 * What the platform knows of a function or a worker without running it. Manifests are data: the supervisor,
 * the edge and the command line read them and never import a handler.
 */

/**
 * What a process may be in the database. Where the rights of a role are defined, its name is added to this type, and the
 * supervisor refuses a manifest with any other.
 */
export interface DatabaseRoles {
  /** No database. */
  none: true;
}
/** The same for Redis; a process without a role of its own is one of the members. */
export interface RedisRoles {
  members: true;
}
const role = <T extends string>() => z.string() as unknown as z.ZodType<T, T>;

/** A handler may need a second connection while it has one. */
export const LEAST_CONNECTIONS = 2;

const common = {
  database: role<keyof DatabaseRoles>().default('none'),
  redis: role<keyof RedisRoles>().default('members'),
  /** Connections to the database in the pool of a process, where all processes get what they ask for. */
  connections: z.number().int().min(LEAST_CONNECTIONS).max(100).default(LEAST_CONNECTIONS),
  /** Heap limit in MiB. */
  memory: z.number().int().min(32).max(16_384).default(128),
  /**
   * MiB of each half of V8's young generation. A process with many requests in flight needs room for what they hold: what does not fit
   * is taken for long-lived and collected with all the heap.
   */
  youngMemory: z.number().int().min(1).max(64).default(2),
  /** Files that stand next to the bundle under their own names, such as fonts; paths from the checkout's root. */
  assets: z.array(z.string().regex(/\.(?:ttf|wasm)$/, 'must be a .ttf or .wasm file')).optional(),
};

/** How many processes there may be. */
const range = (least: number) =>
  z
    .strictObject({ min: z.number().int().min(least).max(64), max: z.number().int().min(1).max(64) })
    .refine(({ min, max }) => min <= max, 'min must not be above max');

const functionSchema = z.strictObject({
  ...common,
  /** Path prefixes this function answers; `/api/ask` also covers `/api/ask/…`. None: the edge never reaches it. */
  mount: z.array(z.string().regex(/^\/[a-z0-9._/-]*$/, 'must start with / and be lower case')),
  /** With `min: 0` the function sleeps when no one asks, and the next request wakes it. */
  instances: range(0).default({ min: 1, max: 1 }),
  /** Seconds without a request before a function with `min: 0` sleeps. */
  idle: z.number().int().min(1).default(300),
  /** Seconds that streams and WebSockets may go on in processes that were replaced. */
  drain: z.number().int().min(0).max(3600).default(60),
  /** Requests in flight per process before it answers 503. */
  concurrency: z.number().int().min(1).default(150),
  /** Seconds a request may take. */
  timeout: z.number().int().min(1).max(3600).default(30),
  /** Threads that a request starts for long work: name of the bundle next to `main.js` → source file, from the checkout's root. */
  threads: z.record(z.string(), z.string()).default({}),
  /** Largest request body in bytes. */
  body: z.number().int().min(0).default(65_536),
  /** Largest message of a WebSocket in bytes; as large as a body without it. */
  message: z.number().int().min(1).optional(),
  /** Which requests-a-second limit per client address applies; where paths differ, by prefix, of which the first that matches counts. */
  rateLimit: z
    .union([z.enum(['none', 'api', 'auth']), z.record(z.string().startsWith('/'), z.enum(['api', 'auth']))])
    .default('api'),
});

const workerSchema = z.strictObject({
  ...common,
  /** Processes; more are started while jobs wait. */
  instances: range(1).default({ min: 1, max: 1 }),
  /** Jobs that one process works on at the same time. */
  concurrency: z.number().int().min(1).default(1),
  /** Jobs of one organization at the same time over all processes; without it, as many as there is room for. */
  perOrganization: z.number().int().min(1).optional(),
  /** Attempts before a job counts as failed. */
  attempts: z.number().int().min(1).default(3),
  /** Seconds before the first retry; doubled each time. */
  backoff: z.number().int().min(1).default(2),
  /** Seconds a job may take. */
  timeout: z.number().int().min(1).default(600),
  /** Jobs before the process is replaced, so that memory a parser leaked is given back; 0 never. */
  jobsPerProcess: z.number().int().min(0).default(0),
  /** Child processes a job starts: name of the bundle next to `main.js` → source file, from the checkout's root. */
  children: z.record(z.string(), z.string()).default({}),
  /** MiB that these may take: the child of each job, and what jobs share. */
  childMemory: z
    .strictObject({ perJob: z.number().int().min(0), shared: z.number().int().min(0) })
    .default({ perJob: 1024, shared: 0 }),
  /** How far its processes step behind others where cores are short, as of `nice`. */
  niceness: z.number().int().min(0).max(19).default(0),
  /** Cron expression (UTC) that enqueues an empty job. */
  schedule: z.string().optional(),
  /** What it does reaches people or costs money: in a restored platform its jobs wait until an operator releases them. */
  holdAfterRestore: z.boolean().default(false),
  /**
   * Further queues that its processes serve, by name, with what differs from the above: a queue with little to do is not worth a
   * process. A schedule is each queue's own.
   */
  queues: z
    .record(
      z.string().regex(/^[a-z][a-z-]*$/, 'must be lower case'),
      z.strictObject({
        concurrency: z.number().int().min(1).optional(),
        perOrganization: z.number().int().min(1).optional(),
        attempts: z.number().int().min(1).optional(),
        backoff: z.number().int().min(1).optional(),
        timeout: z.number().int().min(1).optional(),
        schedule: z.string().optional(),
      }),
    )
    .optional(),
});

/** Bytes of a file compressed with gzip at its highest level. */
const gzipBytes = z.number().int().min(1);
const inCheckout = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./@-]+$/, 'must be a path from the top of the checkout');
const pattern = z.string().refine(isPattern, 'must be a regular expression');

export const siteSchema = z.strictObject({
  /** Path prefix of its pages. */
  mount: z.literal('/'),
  /**
   * Pages that are served. `operator.html` answers `/operator` and what is below it; any other path that is no file gets the first page.
   * The script of a page decides what it shows.
   */
  entries: z.array(z.string().regex(/^[a-z][a-z0-9-]*\.html$/, 'must be the name of an HTML file')).min(1),
  /**
   * A program with its arguments, run at the top of the checkout as an unprivileged user; `node` is the platform's own. It writes into
   * the empty folder that `PANDECT_SITE_OUT` names. Names of files below `assets/` must hold a hash of their content.
   */
  build: z.array(z.string()).min(1),
  /** Packages that the build needs. A host without them serves what was built before, or a page that says so. */
  packages: z.array(z.string()).default([]),
  /** Files and folders that it is built from, next to its own folder. */
  sources: z.array(inCheckout).default([]),
  /** Largest sizes; a build beyond one of them fails. */
  budgets: z
    .strictObject({
      /** Scripts of one page with what these import, all of it loaded before anything is shown. */
      firstScripts: gzipBytes.optional(),
      /** Style sheets of one page. */
      firstStyles: gzipBytes.optional(),
      /** Each script that is loaded later. */
      laterScript: gzipBytes.optional(),
      /** Scripts that have a limit of their own in place of `laterScript`, by a pattern of their names. */
      scripts: z.array(z.strictObject({ files: pattern, bytes: gzipBytes })).default([]),
    })
    .prefault({}),
});

/** Not written by hand: the build adds the names of the variables that the code of a release reads. */
interface Environment {
  /** Environment variables that the process sees; nothing else is passed to it. */
  env: readonly string[];
}
export type FunctionManifest = z.output<typeof functionSchema> & Environment;
export type WorkerManifest = z.output<typeof workerSchema> & Environment;

/** Pages, scripts and other files that the edge serves by itself. */
export type SiteManifest = z.output<typeof siteSchema>;

/** Fills in defaults and checks; all mistakes are reported in one error. */
export const defineFunction = (manifest: z.input<typeof functionSchema>): FunctionManifest => ({
  ...check(functionSchema, manifest),
  env: [],
});
export const defineWorker = (manifest: z.input<typeof workerSchema>): WorkerManifest => ({
  ...check(workerSchema, manifest),
  env: [],
});
export const defineSite = (manifest: z.input<typeof siteSchema>): SiteManifest => check(siteSchema, manifest);

function check<T extends z.ZodType<object>>(schema: T, manifest: unknown): z.output<T> {
  const result = schema.safeParse(manifest);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new Error(`Read manifest: ${mistakes.join('; ')}`);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
