import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type About, composeOpenApi, type Fragment } from '../edge/openapi.ts';
import type { Log } from '../kernel/log.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { version } from '../kernel/version.ts';
import { describeRelease, isDescribed, releaseDescription } from './release/description.ts';
import type { ManagedUnit } from './units/managed-unit.ts';

/**
 * Writes the API description out of what the functions that serve say of themselves. What cannot be asked or does not match
 * leaves the description as it was, since it must not hold up a deploy. @returns a digest of it; undefined where it was not written
 */
export function createApiDescription(
  folder: string,
  about: Omit<About, 'version'>,
  log: Log,
): (units: readonly ManagedUnit[]) => Promise<string | undefined> {
  const known = new Map<string, { release: string; fragment: Fragment }>();

  const describe = async ({ unit, state: { current } }: ManagedUnit) => {
    if (unit.kind !== 'function' || !current || known.get(unit.name)?.release === current.release.id) return;
    await describeRelease(current, log);
    if (!isDescribed(current.release)) return;
    const fragment: Fragment = JSON.parse(await releaseDescription(current.release));
    known.set(unit.name, { release: current.release.id, fragment });
  };
  return async (units) => {
    for (const managed of units) {
      await describe(managed).catch((error: unknown) => {
        log.warn({ error, unit: managed.name }, 'API description: not readable');
      });
    }
    try {
      const fragments = Object.fromEntries([...known].map(([name, { fragment }]) => [name, fragment]));
      const path = join(folder, 'openapi.json');
      await mkdir(folder, { recursive: true, mode: 0o755 });
      const description = JSON.stringify(composeOpenApi(fragments, { ...about, version }));
      await replaceFile(path, description, { mode: 0o644 });
      return createHash('sha256').update(description).digest('hex').slice(0, 12);
    } catch (error) {
      log.warn({ error }, 'API description: not written');
      return undefined;
    }
  };
}
