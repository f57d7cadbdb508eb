import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { JobWithMetadata } from 'pg-boss';
import type { JobAttempt } from '../capabilities/queue/pgboss/return-jobs.ts';
import type { Log } from '../kernel/log.ts';
import { jobsDraftPath } from '../kernel/paths/jobs-path.ts';

/**
 * Keeps in a file which jobs a process works on, so that they can be given back at once when it is killed. A job stays
 * in it until its place is taken by the next: giving back one that is done does nothing.
 */
export interface JobsInHand {
  take(place: number, job: Pick<JobWithMetadata, 'id' | 'name' | 'retryCount'>): void;
  /** All of them finished. */
  clear(): void;
}

/** @param path none where no supervisor would read it: then jobs are given back when their process has been silent for some seconds */
export function createJobsInHand(path: string | undefined, log: Log): JobsInHand {
  if (path === undefined) return { take: () => {}, clear: () => {} };
  const jobs: JobAttempt[] = [];
  const draft = jobsDraftPath(path);
  return {
    take(place, { id, name: queue, retryCount }) {
      jobs[place] = { id, queue, retryCount };
      try {
        // Written before the work begins, and never to be seen half-written.
        writeFileSync(draft, JSON.stringify(jobs.filter(Boolean)), { mode: 0o600 });
        renameSync(draft, path);
      } catch (error) {
        log.warn({ error }, 'Jobs in hand: not written; if this process is killed they begin again some seconds later');
      }
    },
    clear: () => rmSync(path, { force: true }),
  };
}
