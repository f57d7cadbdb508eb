import { z } from '@hono/zod-openapi';

/* What the console shows of the platform. The supervisor's answers are held against these; what they do not name is left out. */

const count = z.int();
const bytes = z.number();
const share = z.number().nullable().openapi({ description: '0 to 1; null while nothing was done' });

const figures = {
  requestsPerSecond: z.number().nullable().openapi({ description: 'Requests, or jobs, over the last five minutes' }),
  errorRatio: share,
  p95Ms: z.number().nullable(),
};

export const unitSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['function', 'worker', 'site']),
    state: z.string().openapi({
      description: '`serving`, `asleep`, `paused`, `backing off`, `down`; of a site `serving` or `not built`',
    }),
    release: z.string().nullable(),
    instances: count.openapi({ description: 'Processes that serve' }),
    wanted: count,
    restarts: count,
    memoryBytes: bytes,
    inFlight: count,
    ...figures,
    waiting: count.nullable(),
    oldestSeconds: z.number().nullable(),
    change: z.string().nullable().openapi({ description: 'Id of the change that is under way' }),
  })
  .openapi('ConsoleUnit');

export const historySchema = z
  .object({
    release: z.string(),
    at: z.string(),
    action: z.string(),
    by: z.string().optional(),
    revision: z.string().optional(),
    bytes: bytes.optional(),
    startMs: z.number().optional(),
    outcome: z.enum(['done', 'restored']),
    reason: z.string().optional(),
  })
  .openapi('ConsoleHistory');

const releaseSchema = z
  .object({
    release: z.string(),
    state: z.string(),
    builtAt: z.string(),
    current: z.boolean(),
    bytes,
    revision: z.string().optional(),
    deployedAt: z.string().optional(),
    deployedBy: z
      .string()
      .optional()
      .openapi({ description: 'E-mail or login name; missing where a start of the platform brought it' }),
    startMs: z.number().optional(),
  })
  .openapi('ConsoleRelease');

const killSchema = z
  .object({
    at: z.string(),
    unit: z.string(),
    release: z.string(),
    pid: z.int(),
    reason: z.string(),
    detail: z.string(),
  })
  .openapi('ConsoleKill');

export const unitDetailSchema = z
  .object({
    ...unitSchema.shape,
    bounds: z.object({ min: count, max: count }).nullable(),
    fixed: count.nullable().openapi({ description: 'Processes that an operator fixed; null: by load' }),
    releases: z.array(releaseSchema),
    history: z.array(historySchema),
    kills: z.array(killSchema),
    canary: z
      .object({
        release: z.string(),
        percent: z.number(),
        errorRatio: z.object({ live: share, canary: share }),
      })
      .nullable(),
    previews: z.array(z.object({ release: z.string(), path: z.string() })),
    failedBuildLog: z.string().nullable().openapi({ description: 'Of the last change, when it failed' }),
  })
  .openapi('ConsoleUnitDetail');

export const changeSchema = z
  .object({
    id: z.uuid(),
    unit: z.string(),
    action: z.string(),
    by: z.string(),
    startedAt: z.string(),
    ok: z.boolean().nullable().openapi({ description: 'Null while it is under way' }),
  })
  .openapi('ConsoleChange');

export const changeEventSchema = z
  .object({
    unit: z.string(),
    step: z.string().openapi({
      description:
        '`build`, `start`, `switch`, `watch`, `drain`, `canary`, `preview`, `fallback`, `settings`; `done`, `unchanged`, `restored` and `failed` end it',
    }),
    release: z.string().optional(),
    ms: z.number().optional(),
    message: z.string().optional(),
    log: z.string().optional(),
  })
  .openapi('ConsoleChangeEvent');

export const alertSchema = z
  .object({
    rule: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
    state: z.enum(['pending', 'firing']),
    labels: z.record(z.string(), z.string()),
    sentence: z.string(),
    value: z.number().nullable(),
    threshold: z.number().optional(),
    since: z.string(),
    command: z.string().openapi({ description: 'What tells more on the host' }),
    isSilenced: z.boolean(),
    help: z.string().openapi({ description: 'Section of the documentation that says what to do' }),
    screen: z.string().openapi({ description: 'Path below `/operator` that shows the cause' }),
  })
  .openapi('ConsoleAlert');

export const hostSchema = z
  .object({
    id: z.uuid(),
    name: z.string().openapi({ description: 'Name of the machine' }),
    version: z.string(),
    state: z.enum(['running', 'stopped', 'lost']).openapi({
      description: '`stopped`: ended in good order; `lost`: not heard of for 30 seconds',
    }),
    startedAt: z.string(),
    seenAt: z.string().nullable().openapi({ description: 'When it was heard of last; null once it was stopped' }),
  })
  .openapi('ConsoleHost');

export const queueSchema = z
  .object({
    queue: z.string(),
    worker: z.string(),
    workers: count,
    isPaused: z.boolean(),
    waiting: count,
    active: count,
    retry: count,
    dead: count,
    oldestSeconds: z.number(),
    perMinute: z.number().nullable(),
  })
  .openapi('ConsoleQueue');

export const overviewOfSupervisor = z.object({
  url: z.string(),
  version: z.string(),
  startedAt: z.string(),
  units: z.object({ total: count, serving: count, asleep: count, backingOff: count }),
  services: z.array(z.object({ name: z.string(), state: z.string(), restarts: count, memoryBytes: bytes })),
  requests: z.object({ perSecond: z.number().nullable(), errorRatio: share, p95Ms: z.number().nullable() }),
  queues: z.array(
    z.object({ queue: z.string(), waiting: count, active: count, dead: count, oldestSeconds: z.number() }),
  ),
  disk: z.object({ freeBytes: bytes, totalBytes: bytes }),
  memory: z.object({ availableBytes: bytes, totalBytes: bytes }),
  backup: z.object({
    lastSuccessAt: z.string().nullable(),
    state: z.enum(['off', 'never', 'failed', 'old', 'ok']),
  }),
  alerts: z.array(alertSchema).openapi({ description: 'Those that fire' }),
  changes: z.array(z.object({ ...historySchema.shape, unit: z.string() })).openapi({ description: 'The last ten' }),
  running: z.array(changeSchema).openapi({ description: 'Changes under way' }),
});
