import type { KnownVariable } from '../../kernel/environment.ts';
import type { Release } from '../release/release.ts';
import type { Unit } from '../unit.ts';
import { allocatorVariables } from './allocator.ts';
import { confinementFlags } from './confinement.ts';

export interface SpawnPlan {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** How a release is started; a pure function of what is known about it. */
export function planSpawn(
  unit: Unit,
  release: Release & { natives: readonly string[] },
  environment: Record<string, string>,
  process: {
    node: string;
    /** None for a process that is reached at ports, which its environment then names. */
    socket?: string;
    instance: string;
    compileCache: string;
    variables: readonly KnownVariable[];
  },
): SpawnPlan {
  const flags = confinementFlags(unit, release, environment, process);
  // A release of an earlier version names no young generation.
  const { memory, youngMemory = 2 } = unit.manifest;
  const heap = [`--max-old-space-size=${memory}`, `--max-semi-space-size=${youngMemory}`];
  return {
    command: process.node,
    args: [...flags, ...heap, release.entry],
    cwd: release.folder,
    env: {
      ...environment,
      ...allocatorVariables,
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: process.compileCache,
      // It holds where the home has moved, too.
      NODE_COMPILE_CACHE_PORTABLE: '1',
      TZ: 'UTC',
      ...(process.socket !== undefined && { PANDECT_SOCKET: process.socket }),
      PANDECT_INSTANCE: process.instance,
    },
  };
}
