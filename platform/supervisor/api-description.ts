import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeOpenApi, type Fragment } from '../edge/openapi.ts';
import type { Log } from '../kernel/log.ts';
import { version } from '../kernel/version.ts';
import { askInstance } from './process/probe.ts';
import type { Runner } from './runner.ts';

/**
 * Writes the API description out of what the running functions say of themselves. A function is asked once a release;
 * what cannot be asked or does not fit leaves the description as it was, since it must not hold up a deploy.
 */
export function createApiDescription(folder: string, log: Log): (runners: readonly Runner[]) => Promise<void> {
  const known = new Map<string, { release: string; fragment: Fragment }>();
  return async (runners) => {
    for (const { unit, release, instances } of runners) {
      const instance = instances.find((candidate) => candidate.state === 'ready' && candidate.release === release);
      if (unit.kind !== 'function' || !instance || known.get(unit.name)?.release === release) continue;
      try {
        const fragment = JSON.parse(await askInstance(instance.socket, '/_pandect/openapi'));
        known.set(unit.name, { release: instance.release, fragment });
      } catch (error) {
        log.warn({ error, unit: unit.name }, 'API description: the function does not answer');
      }
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
