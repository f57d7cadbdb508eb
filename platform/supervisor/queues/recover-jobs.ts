import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { connect } from '../../../db/connect.ts';
import { queueStatements } from '../../../db/queue-connection.ts';
import { within } from '../../../db/within.ts';
import { returnJobs } from '../../capabilities/queue/pgboss/return-jobs.ts';
import { jobsPath } from '../../kernel/paths/jobs-path.ts';
import { readPlain } from '../../services/plain-file.ts';

const attempts = z.array(
  // A process of an earlier release has one queue, and names none.
  z.object({ id: z.uuid(), queue: z.string().optional(), retryCount: z.number().int().min(0) }),
);
const SECONDS = 5;
const MOST_BYTES = 1024 * 1024;

/**
 * Gives the jobs back at once that a worker's process had when it ended; to be called after each end, since one in good
 * order leaves nothing to give back. Without it other processes take them over when their heartbeats run out.
 * Calling it again, or when another process has a job by now, does nothing.
 * @param url connection of a login that may change jobs
 * @param worker its name, which is that of its first queue
 * @param socket the path of the socket that the process served
 * @param unresponsive whether the process was ended for not answering
 * @returns how many were given back
 * @throws when the database does not answer within a few seconds; another call can try again
 */
export async function recoverJobs(url: string, worker: string, socket: string, unresponsive = false): Promise<number> {
  const path = jobsPath(socket);
  const text = await readOwn(path);
  if (text === undefined) return 0;
  const had = attempts.parse(JSON.parse(text)).map(({ queue = worker, ...attempt }) => ({ ...attempt, queue }));
  const sql = connect(url, { applicationName: 'pandect recovery' });
  try {
    const returned = await within(SECONDS, returnJobs(queueStatements(sql), had, unresponsive));
    await rm(path, { force: true });
    return returned;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

async function readOwn(path: string): Promise<string | undefined> {
  try {
    return await readPlain(path, MOST_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
