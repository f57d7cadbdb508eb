import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { type Db, type JobWithMetadata, PgBoss } from 'pg-boss';
import { openQueueConnection } from '../../db/queue-connection.ts';
import { FinalFailure } from '../capabilities/queue/final-failure.ts';
import { dropCoveredJobs } from '../capabilities/queue/pgboss/drop-covered-jobs.ts';
import { endRetries } from '../capabilities/queue/pgboss/end-retries.ts';
import { returnSilentJobs, unresponsiveEnds } from '../capabilities/queue/pgboss/return-jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { WorkerManifest } from '../kernel/manifest.ts';
import { figuresPath } from '../kernel/paths/figures-path.ts';
import { jobsPath } from '../kernel/paths/jobs-path.ts';
import { DATABASE_URL } from '../kernel/variables.ts';
import { workerQueues } from '../kernel/worker-queues.ts';
import { createBoot, defineProvider, type Provided, type Provider } from './boot.ts';
import { keepCompiledCode } from './compiled-code.ts';
import { readEndpoint } from './endpoint.ts';
import { keepFilesPrivate } from './file-modes.ts';
import { collectWhenIdle } from './idle-memory.ts';
import { createJobsInHand } from './jobs-in-hand.ts';
import { listen } from './listener.ts';
import { showProcess } from './process-figures.ts';
import { required } from './providers/required.ts';
import { createReport } from './report.ts';
import { showQueues } from './show-queues.ts';
import { endOnFailure, onShutdown } from './shutdown.ts';
import { standBy } from './stand-by.ts';
import { startTracing } from './start-tracing.ts';
import { type TakenJobs, takeJobs } from './take-jobs.ts';
import { createTurns } from './turns.ts';
import { untilReachable } from './until-reachable.ts';
import { type Delivery, workOnJob } from './work-on-job.ts';

/** What a worker's `handle.ts` exports. */
export interface WorkerModule<P extends Record<string, Provider<unknown>>> {
  provide: P;
  handle(job: Delivery, deps: Provided<P>): Promise<void>;
}

/** Closed after the last job, by the worker itself. */
const queueConnection = defineProvider([DATABASE_URL], ({ name }, { DATABASE_URL }) =>
  openQueueConnection({ url: required('DATABASE_URL', DATABASE_URL), applicationName: `pandect ${name} queue` }),
);

/** Between two looks for jobs whose process has gone silent, which the queue allows for 10 s. */
const SILENCE_LOOK_MS = 2_000;

/**
 * A job whose processes did not answer so many times is tried alone: it may be the reason, or have been near it, and one more
 * end then tells.
 */
const SUSPECT = 2;

/** The whole life of a worker process: takes jobs of its queues until it is asked to stop, and finishes those it has. */
export async function runWorker<P extends Record<string, Provider<unknown>>>(
  name: string,
  manifest: WorkerManifest,
  module: WorkerModule<P>,
): Promise<void> {
  keepFilesPrivate();
  endOnFailure(name);
  const report = createReport();
  const endpoint = readEndpoint('worker');
  const boot = createBoot(name);
  await standBy();
  if (manifest.niceness > 0) stepBehind(manifest.niceness, boot.log);
  const deps = await boot.useAll(module.provide);
  const connection = await boot.use(queueConnection);
  const queues = workerQueues(name, manifest);
  const boss = new PgBoss({
    db: connection,
    migrate: false,
    createSchema: false,
    reindex: false,
    schedule: queues.some(({ schedule }) => schedule !== undefined),
    useListenNotify: true,
    // Finds jobs that take too long, and counts those as failed whose last attempt was cut off.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error) => boot.log.warn({ error }, 'Queue: not reachable'));
  await untilReachable(() => connection.executeSql('select 1'), boot.log);
  await boss.start();

  const inHand = createJobsInHand('socket' in endpoint ? jobsPath(endpoint.socket) : undefined, boot.log);
  const listener = await listen(
    endpoint,
    (_, response) => response.writeHead(404).end(),
    { ready: () => boot.ready(), metrics: () => boot.metrics.expose(), openapi: () => ({}) },
    { concurrency: 10, report },
  );
  showProcess(boot.metrics, name, report);
  collectWhenIdle(report);
  const inTurn = createTurns();
  const taken: TakenJobs[] = [];
  let places = 0;
  for (const queue of queues) {
    const first = places;
    places += queue.concurrency;
    const handle = (job: JobWithMetadata<unknown>, place: number) =>
      inTurn(unresponsiveEnds(job) >= SUSPECT, async () => {
        inHand.take(first + place, job);
        await workOnJob(boot, report, job, async (delivery) => {
          await module.handle(delivery, deps).catch((error: unknown) => giveUp(connection, job, error));
          await dropCoveredJobs(connection, job);
        });
      });
    taken.push(await takeJobs(boss, queue, manifest.jobsPerProcess, report.begun, handle));
  }
  const names = queues.map((queue) => queue.name);
  if (boot.isAlone) showQueues(boot.metrics, connection, names);
  const silence = setInterval(() => {
    returnSilentJobs(connection, names).then(
      (returned) => {
        if (returned === 0) return;
        boot.log.warn({ jobs: returned }, 'Queue: jobs of a process that is gone begin again');
        for (const each of taken) each.wake();
      },
      (error: unknown) => boot.log.warn({ error }, 'Queue: not reachable'),
    );
  }, SILENCE_LOOK_MS);
  onShutdown(boot.log, async () => {
    for (const each of taken) each.stop();
    // Takes no more from now on; what does not end in its time is given back.
    await boss.stop({ graceful: true, timeout: Math.max(...queues.map(({ timeout }) => timeout)) * 1000 });
    clearInterval(silence);
    inHand.clear();
    if ('socket' in endpoint) await writeFile(figuresPath(endpoint.socket), await boot.metrics.expose());
    await listener.close();
    await connection.close();
    await boot.close();
  });
  await startTracing(boot);
  keepCompiledCode();
}

async function giveUp(
  connection: Pick<Db, 'executeSql'>,
  job: JobWithMetadata<unknown>,
  error: unknown,
): Promise<never> {
  if (error instanceof FinalFailure) await endRetries(connection, job);
  throw error;
}

function stepBehind(niceness: number, log: Log): void {
  try {
    setPriority(niceness);
  } catch (error) {
    log.info({ error }, 'Process priority: not lowered');
  }
}
