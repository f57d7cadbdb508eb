import { createServer } from 'node:net';
import { waitUntil } from '../services/processes.ts';

/** The kernel takes a moment to close what a killed process had open. */
const WAIT_SECONDS = 0.5;

/** @throws when something listens at one of the ports, naming the setting that chooses another */
export async function assertPortsFree(
  ports: readonly number[],
  setting: 'PANDECT_PORT' | 'METRICS_PORT' = 'PANDECT_PORT',
): Promise<void> {
  for (const port of ports) {
    if (await waitUntil(() => isFree(port), WAIT_SECONDS)) continue;
    throw new Error(`Start platform on port "${port}": the port is in use; choose another with ${setting}`);
  }
}

/** Whether nothing listens at a port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A port that this process may not bind can still be one that Caddy may.
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
