import { writeFile } from 'node:fs/promises';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import { connect } from '../../db/client.ts';
import { queueConnection } from '../../db/queue-connection.ts';
import { figuresPath } from '../kernel/figures-path.ts';
import type { Log } from '../kernel/log.ts';
import type { WorkerManifest } from '../kernel/manifest.ts';
import { span } from '../kernel/telemetry/tracing.ts';
import { createBoot, type Provided, type Provider } from './boot.ts';
import { collectWhenIdle } from './idle-memory.ts';
import { listen } from './listener.ts';
import { required } from './providers/required.ts';
import { startTracing } from './run-function.ts';
import { onShutdown } from './shutdown.ts';

/** One delivery of a job. Delivery is at least once: handlers must be able to see the same job again. */
export interface Delivery {
  id: string;
  payload: unknown;
  /** True when a failure of this attempt is final. */
  lastAttempt: boolean;
  signal: AbortSignal;
  log: Log;
}

/** What a worker's `handle.ts` exports. */
export interface WorkerModule<P extends Record<string, Provider<unknown>>> {
  provide: P;
  handle(job: Delivery, deps: Provided<P>): Promise<void>;
}

/** The whole life of a worker process: takes jobs of its queue until it is asked to stop or has done its share. */
export async function runWorker<P extends Record<string, Provider<unknown>>>(
  name: string,
  manifest: WorkerManifest,
  module: WorkerModule<P>,
): Promise<void> {
  const socketPath = process.env.PANDECT_SOCKET;
  if (!socketPath) throw new Error('Start worker: PANDECT_SOCKET is missing; workers are started by pandect');
  const boot = createBoot(name);
  const deps = await boot.useAll(module.provide);
  const pool = connect(required('DATABASE_URL', boot.environment('DATABASE_URL').DATABASE_URL), {
    // pg-boss sends whole transactions as one statement, which must not be spread over connections.
    max: 1,
    applicationName: `pandect ${name} queue`,
  });
  const boss = new PgBoss({
    db: queueConnection(pool),
    migrate: false,
    createSchema: false,
    reindex: false,
    schedule: manifest.schedule !== undefined,
    useListenNotify: true,
    // A job whose worker was killed misses its heartbeats and is found at the next look.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error) => boot.log.warn({ error }, 'Queue: not reachable'));
  await boss.start();

  let begun = 0;
  let finished = 0;
  let stopping = false;
  const finish = async () => {
    stopping = true;
    await boss.stop({ graceful: true, timeout: manifest.timeout * 1000 });
    await writeFile(figuresPath(socketPath), await boot.metrics.expose());
    await listener.close();
    await pool.end({ timeout: 5 });
    await boot.close();
  };

  const listener = await listen(
    socketPath,
    (_, response) => response.writeHead(404).end(),
    { ready: () => boot.ready(), metrics: () => boot.metrics.expose(), openapi: () => ({}) },
    { concurrency: 10 },
  );
  collectWhenIdle({ inFlight: () => begun - finished, begun: () => begun });
  onShutdown(boot.log, finish);

  const work = async ([job]: JobWithMetadata<unknown>[]) => {
    if (!job) return;
    begun++;
    const started = performance.now();
    const log = boot.log.child({ job: job.id, attempt: job.retryCount + 1 });
    const delivery: Delivery = {
      id: job.id,
      payload: job.data,
      lastAttempt: job.retryCount >= job.retryLimit,
      signal: job.signal,
      log,
    };
    let outcome: 'completed' | 'failed' = 'failed';
    try {
      await span(`job ${name}`, { 'pandect.job': job.id }, () => module.handle(delivery, deps));
      outcome = 'completed';
    } catch (error) {
      log.error({ error, final: delivery.lastAttempt }, 'Job failed');
      // What goes into the queue's table may hold nothing of a user's.
      throw new Error(error instanceof Error ? error.name : 'Error');
    } finally {
      const seconds = (performance.now() - started) / 1000;
      boot.metrics.job(name, outcome, seconds);
      log.info({ outcome, ms: Math.round(seconds * 1000) }, 'Job');
      finished++;
      if (manifest.jobsPerProcess > 0 && finished >= manifest.jobsPerProcess && !stopping) {
        setImmediate(() => process.kill(process.pid, 'SIGTERM'));
      }
    }
  };
  for (let slot = 0; slot < manifest.concurrency; slot++) {
    // Notifications start new jobs at once; looking every two seconds finds those whose time for a retry has come.
    const options = { batchSize: 1, includeMetadata: true, notifyPollingIntervalSeconds: 2 } as const;
    const id: string = await boss.work(name, options, async (jobs) => {
      try {
        await work(jobs);
      } finally {
        // Otherwise the library pauses after each job, however many wait.
        boss.notifyWorker(id);
      }
    });
  }
  await startTracing(boot);
}
