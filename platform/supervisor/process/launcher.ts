import { join } from 'node:path';
import type { KnownVariable } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import type { ProcessUser } from '../../services/process-user.ts';
import type { ProcessEntry } from '../home/journal.ts';
import type { Release } from '../release/release.ts';
import { instancePath } from '../traffic/socket-path.ts';
import type { Unit } from '../unit.ts';
import type { ProcessGroups } from './cgroup.ts';
import { nativesOf } from './confinement.ts';
import { adoptInstance, type End, type Instance, spawnInstance } from './instance.ts';
import { groupCap } from './memory-cap.ts';
import { settingsDigest } from './settings-digest.ts';
import { planSpawn, type SpawnPlan } from './spawn-plan.ts';
import type { WarmProcess } from './warm-process.ts';

export interface LauncherDeps {
  folders: { run: string; logs: string; cache: string };
  node: string;
  /** All that there are, for what their values are paths of. */
  variables: readonly KnownVariable[];
  /** Whom a unit's processes run as. */
  userOf(unit: Unit): ProcessUser | undefined;
  /** What a process that starts now sees, by its manifest. */
  environmentOf(unit: Unit): Record<string, string>;
  /** The one process that is kept ready for the function that fell asleep last. */
  warm: WarmProcess;
  /** Limits that the kernel enforces, where it lets us. */
  groups: ProcessGroups | undefined;
  log: Log;
}

/** How a process of a release is started on this host. */
export interface Launcher {
  /** Resolves when it has been spawned; `ready` of it says when it serves. */
  launch(unit: Unit, release: Release): Promise<Instance>;
  /** Takes over a process that an earlier supervisor started; undefined when it is gone. */
  adopt(entry: ProcessEntry): Instance | undefined;
  /** Loads the code of a release ahead of the next launch. */
  warmUp(unit: Unit, release: Release): void;
  /** Digest of the environment that a process of the unit would be started with now. */
  settingsOf(unit: Unit): string;
  /** Clears away behind a process that has ended. @returns its end, with what only the kernel knows */
  bury(instance: Instance, end: End): Promise<End>;
}

const READY_SECONDS = 30;
let counter = 0;

export function createLauncher(deps: LauncherDeps): Launcher {
  const { folders, node, variables, userOf, environmentOf, warm, groups, log } = deps;
  const logFileOf = (unit: string) => join(folders.logs, `${unit}.log`);
  const plan = (unit: Unit, release: Release, environment: Record<string, string>): SpawnPlan => {
    const instance = `${process.pid.toString(36)}${(counter++).toString(36)}`;
    const natives = nativesOf(release);
    const socket = instancePath(folders.run, unit.name, instance);
    const compileCache = join(folders.cache, unit.name);
    return planSpawn(unit, { ...release, natives }, environment, { node, socket, instance, compileCache, variables });
  };

  return {
    async launch(unit, release) {
      const environment = environmentOf(unit);
      const settings = settingsDigest(environment);
      const prepared = warm.take(release.id, settings);
      const planned = prepared?.plan ?? plan(unit, release, environment);
      const instance = await spawnInstance(unit, release, {
        id: planned.env.PANDECT_INSTANCE as string,
        plan: planned,
        settings,
        logFile: logFileOf(unit.name),
        user: userOf(unit),
        readySeconds: READY_SECONDS,
        prepared: prepared?.child,
      });
      groups
        ?.enter(groupOf(instance), instance.pid, { memoryBytes: groupCap(unit) })
        .catch((error: unknown) =>
          log.warn({ error, unit: unit.name, pid: instance.pid }, 'Limit process: not in a control group'),
        );
      return instance;
    },
    adopt: (entry) => adoptInstance(entry, { logFile: logFileOf(entry.unit), readySeconds: READY_SECONDS }),
    warmUp(unit, release) {
      const environment = environmentOf(unit);
      const planned = plan(unit, release, environment);
      warm.prepare(release.id, settingsDigest(environment), planned, logFileOf(unit.name), userOf(unit));
    },
    settingsOf: (unit) => settingsDigest(environmentOf(unit)),
    async bury(instance, end) {
      if (!groups) return end;
      const ranOut = await groups.ranOutOfMemory(groupOf(instance));
      await groups.remove(groupOf(instance)).catch((error: unknown) => {
        log.warn({ error, unit: instance.unit }, 'Control group: not removed');
      });
      return ranOut ? { reason: 'memory', detail: 'the kernel ended it at the limit of its control group' } : end;
    },
  };
}

const groupOf = ({ unit, id }: Instance) => `${unit}-${id}`;
