import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { Database } from '../../db/client.ts';
import type { VectorStore } from '../../modules/legal/index/vectors/index.ts';
import type { Reachable } from '../../modules/models/index.ts';
import type { Redis } from '../../platform/capabilities/redis.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { answerWithin } from '../../platform/kernel/calls/answer-within.ts';

export const checkNames = [
  'database',
  'redis',
  'vectors',
  'index',
  'storage',
  'files',
  'disk',
  'memory',
  'ai',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface CheckResult {
  status: 'healthy' | 'unhealthy';
  /** Milliseconds the check took. */
  ms: number;
}

export interface HealthChecks {
  run(...names: readonly CheckName[]): Promise<Record<CheckName, CheckResult>>;
}

export interface CheckedParts {
  database: Database;
  redis: Redis;
  vectors: VectorStore;
  storage: FileStorage;
  aiServers: Reachable;
  host: {
    /** Whose file systems must have room: the home's, and those of the settings, which may lie elsewhere. */
    folders: readonly string[];
    /** Without a platform around it, as in a pod: its memory is the process's own. */
    isAlone: boolean;
  };
}

/** Twice this is less than the five seconds that a balancer usually waits. */
const TIMEOUT_MS = 2_000;
/** Anybody may ask for the health, so results are kept a moment: a flood of questions must not become a flood of checks. */
const KEPT_MS = 2_000;
/** Of checks that cost more than a question. */
const LONG_KEPT_MS = 30_000;
const keptMs = (name: CheckName) => (['ai', 'index', 'files'].includes(name) ? LONG_KEPT_MS : KEPT_MS);
const LEAST_FREE = 0.05;

export function createHealthChecks(parts: CheckedParts): HealthChecks {
  const checks: Record<CheckName, () => Promise<unknown>> = {
    database: () => parts.database.check(),
    redis: () => parts.redis.ping(),
    vectors: () => parts.vectors.check(),
    index: async () => {
      const [row] = await parts.database.statement<{ gaps: boolean }>('select has_index_gaps() as gaps', []);
      if (row?.gaps !== false) throw new Error('Check index: ready documents are missing in it');
    },
    storage: () => parts.storage.check(),
    files: async () => {
      const [row] = await parts.database.statement<{ missing: boolean }>('select has_missing_files() as missing', []);
      if (row?.missing !== false) throw new Error('Check files: documents have lost their file');
    },
    disk: async () => {
      for (const folder of parts.host.folders) {
        const { bavail, blocks } = await statfs(folder);
        if (bavail / blocks < LEAST_FREE) throw new Error(`Check disk "${folder}": nearly full`);
      }
    },
    memory: async () => {
      if (freeMemory(parts.host) < LEAST_FREE) throw new Error('Check memory: nearly full');
    },
    ai: () => parts.aiServers.check(AbortSignal.timeout(TIMEOUT_MS)),
  };
  const kept = new Map<CheckName, { until: number; result: Promise<CheckResult> }>();

  const result = (name: CheckName): Promise<CheckResult> => {
    const earlier = kept.get(name);
    if (earlier && earlier.until > performance.now()) return earlier.result;
    const fresh = timed(checks[name]);
    kept.set(name, { until: performance.now() + keptMs(name), result: fresh });
    return fresh;
  };

  return {
    async run(...names) {
      const wanted = names.length > 0 ? names : checkNames;
      const entries = await Promise.all(wanted.map(async (name) => [name, await result(name)] as const));
      return Object.fromEntries(entries) as Record<CheckName, CheckResult>;
    },
  };
}

/** The share of the memory that is free. */
function freeMemory({ isAlone }: CheckedParts['host']): number {
  const limit = process.constrainedMemory();
  const isLimited = isAlone && limit > 0 && limit < totalmem();
  return isLimited ? 1 - process.memoryUsage.rss() / limit : freemem() / totalmem();
}

/** A check that is late is made again: what stood still may have been this process or its machine, and no balancer should leave its last host out for that. */
async function timed(check: () => Promise<unknown>): Promise<CheckResult> {
  const started = performance.now();
  const attempt = () =>
    answerWithin(
      TIMEOUT_MS,
      check().then(
        () => 'healthy' as const,
        () => 'unhealthy' as const,
      ),
      'late' as const,
    );
  const first = await attempt();
  const last = first === 'late' ? await attempt() : first;
  return { status: last === 'late' ? 'unhealthy' : last, ms: Math.round(performance.now() - started) };
}

export const allHealthy = (results: Partial<Record<CheckName, CheckResult>>): boolean =>
  Object.values(results).every(({ status }) => status === 'healthy');
