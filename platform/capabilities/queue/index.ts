import { openOnce } from '../../kernel/calls/open-once.ts';
import type { Queue } from './contract.ts';
import type { JobDesk } from './pgboss/job-desk.ts';

export type { JobOptions, Queue } from './contract.ts';
export { defineJob } from './define-job.ts';
export { FinalFailure } from './final-failure.ts';
export type { JobDesk } from './pgboss/job-desk.ts';

/**
 * The sending half of the job queue; workers have their own, see `platform/runtime/run-worker.ts`, and operators a desk. The
 * library is loaded at the first job: it would be half of what a function loads at its start.
 */
export function createQueue(url: string): Queue {
  const opened = new Map<string, Promise<Queue>>();
  const open = () => openOnce(opened, url, async () => (await import('./pgboss/sender.ts')).openSender(url));
  return {
    send: async (...job) => (await open()).send(...job),
    sendEach: async (...jobs) => (await open()).sendEach(...jobs),
    cancel: async (...job) => (await open()).cancel(...job),
    close: async () => (await opened.get(url)?.catch(() => undefined))?.close(),
  };
}

export const createJobDesk = async (url: string): Promise<JobDesk> =>
  (await import('./pgboss/job-desk.ts')).createJobDesk(url);
