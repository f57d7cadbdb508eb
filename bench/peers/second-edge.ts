import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startCaddy, writeRoutes } from '../../platform/edge/caddy.ts';
import type { Mount } from '../../platform/edge/routes.ts';
import { findBinaries } from '../../platform/services/binaries.ts';
import { serverUser } from '../../platform/services/process-user.ts';
import type { Service } from '../../platform/services/processes.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type BenchPlatform, checkout } from '../support/platform.ts';

/** Another Caddy with the repository's Caddyfile, next to the platform's own, for what is compared behind the same edge. */
export async function startSecondEdge({ folders, onEnd }: BenchPlatform, mounts: readonly Mount[]): Promise<Service> {
  const run = join(folders.run, 'bench-edge');
  await mkdir(join(run, 'sockets'), { recursive: true });
  for (const folder of [run, join(run, 'sockets')]) await chmod(folder, 0o755);
  await writeRoutes(run, { mounts });
  const port = await freePort();
  const caddy = await startCaddy({
    program: (await findBinaries(['caddy'])).caddy,
    config: join(checkout, 'Caddyfile'),
    run,
    storage: folders.caddy,
    log: join(folders.logs, 'bench-caddy.log'),
    site: `:${port}`,
    port,
    user: serverUser(folders, 'edge'),
  });
  onEnd(caddy.stop);
  return caddy;
}
