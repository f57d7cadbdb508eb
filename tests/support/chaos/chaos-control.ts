import type { ProcessRow } from '../../../platform/supervisor/control/contract.ts';
import { askInstance } from '../../../platform/supervisor/process/probe.ts';
import { controlSocket } from '../../../platform/supervisor/traffic/socket-path.ts';
import { until } from '../until.ts';

/** Reads from the control socket of a platform, without the start of a command for each look. @param run its run folder */
export const readControl = async <T>(run: string, path: string): Promise<T> =>
  JSON.parse(await askInstance(controlSocket(run), path, 10_000)) as T;

/** Waits for a process of this name that is ready, but none of these. */
export const readyProcess = (run: string, name: string, but: ReadonlySet<number> = new Set()): Promise<number> =>
  until(
    `process "${name}"`,
    async () => {
      const rows = await readControl<ProcessRow[]>(run, '/ps').catch(() => []);
      return rows.find((row) => row.name === name && row.state === 'ready' && !but.has(row.pid))?.pid;
    },
    60,
  );
