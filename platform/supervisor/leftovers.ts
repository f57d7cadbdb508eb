import { endProcess, isRunning } from '../services/processes.ts';
import type { Journal } from './journal.ts';

/** Ends processes that a supervisor left behind when it was killed. A reused process id is told by its command line. */
export async function endLeftovers(journal: Journal, progress: (line: string) => void): Promise<void> {
  for (const { pid, marker } of journal.state.processes) {
    if (!(await isRunning(pid, marker))) continue;
    progress(`Ending process ${pid} of an earlier run`);
    await endProcess(pid, [
      { signal: 'SIGTERM', seconds: 2 },
      { signal: 'SIGKILL', seconds: 5 },
    ]);
  }
  journal.state.processes = [];
  await journal.save();
}
