import type { Queue } from './contract.ts';
import type { JobDesk } from './job-desk.ts';

export type { Queue } from './contract.ts';
export type { JobDesk } from './job-desk.ts';

/**
 * The sending half of the job queue; workers have their own, see `platform/runtime/run-worker.ts`, and operators a desk. The
 * library is loaded at the first job: it would be half of what a function loads at its start.
 */
export function createQueue(url: string): Queue {
  let opened: Promise<Queue> | undefined;
  const open = () =>
    (opened ??= import('./sender.ts')
      .then(({ openSender }) => openSender(url))
      .catch((error: unknown) => {
        opened = undefined; // the next `send` tries again
        throw error;
      }));
  return {
    send: async (...job) => (await open()).send(...job),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}

export const createJobDesk = async (url: string): Promise<JobDesk> =>
  (await import('./job-desk.ts')).createJobDesk(url);
