import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeOpenApi, type Fragment } from '../edge/openapi.ts';
import type { Log } from '../kernel/log.ts';
import { version } from '../kernel/version.ts';
import { askInstance } from './process/probe.ts';
import { isDescribed, releaseDescription, saveDescription } from './release/releases.ts';
import type { Runner } from './runner.ts';

/**
 * Writes the API description out of what the functions that serve say of themselves. A release is asked once; what cannot
 * be asked or does not fit leaves the description as it was, since it must not hold up a deploy.
 */
export function createApiDescription(folder: string, log: Log): (runners: readonly Runner[]) => Promise<void> {
  const known = new Map<string, { release: string; fragment: Fragment }>();

  const describe = async ({ unit, serving: { current } }: Runner) => {
    if (unit.kind !== 'function' || !current || known.get(unit.name)?.release === current.release.id) return;
    const { release, ready } = current;
    if (!isDescribed(release) && ready[0]) {
      await saveDescription(release, await askInstance(ready[0].socket, '/_pandect/openapi'));
    }
    const fragment: Fragment = JSON.parse(await releaseDescription(release));
    known.set(unit.name, { release: release.id, fragment });
  };
  return async (runners) => {
    for (const runner of runners) {
      await describe(runner).catch((error: unknown) => {
        log.warn({ error, unit: runner.unit.name }, 'API description: the function does not answer');
      });
    }
    try {
      const fragments = Object.fromEntries([...known].map(([name, { fragment }]) => [name, fragment]));
      const path = join(folder, 'openapi.json');
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await writeFile(`${path}.next`, JSON.stringify(composeOpenApi(fragments, version)));
      await rename(`${path}.next`, path);
    } catch (error) {
      log.warn({ error }, 'API description: not written');
    }
  };
}
