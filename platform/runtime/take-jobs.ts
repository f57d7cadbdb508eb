import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { WorkerQueue } from '../kernel/worker-queues.ts';

/** Several heartbeats fit into the 10 s that the queue allows for silence, so that a busy moment is not taken for an end. */
const HEARTBEAT_SECONDS = 3;
/** Several times what the supervisor takes to see that a process has done its share and to start another. */
const REST_MS = 10_000;

export interface TakenJobs {
  /** Looks for jobs now instead of at the next turn. */
  wake(): void;
  stop(): void;
}

/**
 * Takes jobs of a queue, as many at once as the manifest says.
 *
 * After `jobsPerProcess` of them it takes no more, so that the supervisor, which reads the count and starts another
 * process, finds it at its share, and not far beyond it where jobs are small; those that the other places have just taken
 * come on top. Where no one replaces it, as while the supervisor is unavailable, it continues with another share after a rest.
 * @param begun how many jobs have begun in this process
 */
export async function takeJobs(
  boss: PgBoss,
  { name, concurrency, perOrganization }: WorkerQueue,
  jobsPerProcess: number,
  begun: () => number,
  handle: (job: JobWithMetadata<unknown>, place: number) => Promise<void>,
): Promise<TakenJobs> {
  const options = {
    batchSize: 1,
    includeMetadata: true,
    // Notifications start new jobs at once; looking every two seconds finds those whose time for a retry has come.
    notifyPollingIntervalSeconds: 2,
    heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
    ...(perOrganization && { groupConcurrency: perOrganization }),
  } as const;
  let places: string[] = [];
  let share = jobsPerProcess || Number.POSITIVE_INFINITY;
  let stopped = false;
  let resting: NodeJS.Timeout | undefined;

  const open = async () => {
    for (let place = 0; place < concurrency; place++) {
      const id: string = await boss.work(name, options, async ([job]: JobWithMetadata<unknown>[]) => {
        if (!job) return;
        if (begun() + 1 === share) void rest();
        try {
          await handle(job, place);
        } finally {
          // Otherwise the library pauses after each job, however many wait.
          boss.notifyWorker(id);
        }
      });
      places.push(id);
    }
  };
  const rest = async () => {
    places = [];
    await boss.offWork(name);
    share = begun() + jobsPerProcess;
    if (!stopped) resting = setTimeout(open, REST_MS);
  };

  await open();
  return {
    wake() {
      for (const id of places) boss.notifyWorker(id);
    },
    stop() {
      stopped = true;
      clearTimeout(resting);
    },
  };
}
