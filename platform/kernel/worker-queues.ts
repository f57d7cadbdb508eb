import type { WorkerManifest } from './manifest.ts';

/** A queue and how its jobs are worked on. */
export interface WorkerQueue
  extends Pick<WorkerManifest, 'concurrency' | 'perOrganization' | 'attempts' | 'backoff' | 'timeout' | 'schedule'> {
  name: string;
}

/** The queues that a worker serves: the one of its name, and those that its manifest names besides. */
export function workerQueues(name: string, manifest: WorkerManifest): WorkerQueue[] {
  const { concurrency, perOrganization, attempts, backoff, timeout, schedule, queues = {} } = manifest;
  const others = Object.entries(queues).map(
    ([other, own]): WorkerQueue => ({
      name: other,
      concurrency: own.concurrency ?? concurrency,
      perOrganization: own.perOrganization ?? perOrganization,
      attempts: own.attempts ?? attempts,
      backoff: own.backoff ?? backoff,
      timeout: own.timeout ?? timeout,
      schedule: own.schedule,
    }),
  );
  return [{ name, concurrency, perOrganization, attempts, backoff, timeout, schedule }, ...others];
}
