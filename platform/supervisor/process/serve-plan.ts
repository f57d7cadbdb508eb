import { join, resolve } from 'node:path';
import type { KnownVariable } from '../../kernel/environment.ts';
import { runtimeVariables } from '../../runtime/boot.ts';
import { readEndpoint } from '../../runtime/endpoint.ts';
import type { Release } from '../release/release.ts';
import type { Unit } from '../unit.ts';
import { planSpawn, type SpawnPlan } from './spawn-plan.ts';

type Source = Readonly<Record<string, string | undefined>>;

/**
 * How a process of a unit is started that no supervisor looks after, such as the one of a pod: confined as on a single host, with what its
 * manifest names of the given environment, and reached at ports.
 * @throws ConfigurationError when no port is given, Error when the environment names no login of the database
 */
export function planServe(
  unit: Unit,
  release: Release & { natives: readonly string[] },
  source: Source,
  { node, home, variables }: { node: string; home: string; variables: readonly KnownVariable[] },
): SpawnPlan {
  const { PANDECT_SOCKET: _, ...alone } = source;
  const endpoint = readEndpoint(unit.kind, alone);
  if ('socket' in endpoint) throw new Error(`Serve ${unit.kind} "${unit.name}": it is reached at ports alone`);
  if (unit.manifest.database !== 'none' && !source.DATABASE_URL) {
    throw new Error(
      `Serve ${unit.kind} "${unit.name}": DATABASE_URL: missing: must be the login of the role "${unit.manifest.database}"`,
    );
  }
  const ports = {
    ...(unit.kind === 'function' && { PORT: String(endpoint.port) }),
    CONTROL_PORT: String(endpoint.control),
  };
  const environment = { ...environmentOf(unit, source, home, variables), ...ports };
  const instance = source.HOSTNAME || unit.name;
  return planSpawn(unit, release, environment, {
    node,
    instance,
    compileCache: join(home, 'cache', unit.name),
    variables,
  });
}

/** Of the given environment, what the manifest names and the few variables that every process has. */
function environmentOf(
  { manifest }: Unit,
  source: Source,
  home: string,
  variables: readonly KnownVariable[],
): Record<string, string> {
  const named = new Set([...runtimeVariables.map(({ name }) => name), ...manifest.env]);
  const entries = variables.flatMap(({ name, path }): [string, string][] => {
    if (!named.has(name)) return [];
    const usual = typeof path === 'object' && 'folder' in path ? join(home, path.folder) : undefined;
    const value = source[name] || usual;
    if (!value) return [];
    return [[name, path ? resolve(value) : value]];
  });
  return Object.fromEntries(entries);
}
