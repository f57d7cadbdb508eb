import type { Composition } from '../kernel/composition.ts';
import { readEnvironment } from '../kernel/environment.ts';
import type { Log } from '../kernel/log.ts';
import { PROCESS_MEMORY_MIB } from '../kernel/variables.ts';
import type { Home } from '../services/home.ts';
import { nodeFor } from '../services/node-binary.ts';
import { type ConnectionSettings, planConnections, roomToScale } from './database-connections.ts';
import type { Journal } from './home/journal.ts';
import { type Records, recordEnd } from './home/records.ts';
import type { Places } from './home/whole-home.ts';
import type { PlatformLogins } from './keys/logins.ts';
import type { PlatformEdge } from './platform-edge.ts';
import type { ProcessGroups } from './process/cgroup.ts';
import { createLauncher } from './process/launcher.ts';
import { processEnvironment } from './process/process-environment.ts';
import type { WarmProcess } from './process/warm-process.ts';
import { createBuilder } from './release/builder.ts';
import type { Turns } from './release/give-way.ts';
import type { LiveSettings } from './settings.ts';
import type { Sources } from './source/sources.ts';
import { consoleSocket } from './traffic/socket-path.ts';
import type { Unit } from './unit.ts';
import { openUnitUsers } from './unit-users.ts';
import type { ManagedUnit } from './units/managed-unit.ts';
import type { DeploySource } from './units/operations/deploy.ts';
import { wantedProcesses } from './units/state.ts';
import { Units } from './units/units.ts';

interface UnitsOptions {
  composition: Pick<Composition, 'variables'>;
  settings: ConnectionSettings;
  live: LiveSettings;
  log: Log;
  signal: AbortSignal;
}

interface UnitsParts {
  home: Home;
  sources: Pick<Sources, 'root' | 'damaged'>;
  journal: Journal;
  records: Records;
  edge: PlatformEdge;
  /** What the processes of units are told about the servers that they use. */
  servers: { redisUrl: string; logins: PlatformLogins; queueUrl(): string; keys: Places['keys'] };
  declared: readonly Unit[];
  warm: WarmProcess;
  groups: ProcessGroups | undefined;
  /** Builds of units and sites. */
  inTurn: Turns;
}

const serves = ({ state }: ManagedUnit): boolean => (state.current?.ready.length ?? 0) > 0;
/** Whether people are served, whom a build may not slow down. */
export const isServing = (units: Units | undefined): boolean => units?.all.some(serves) ?? false;

/** All functions and workers, with what their processes are started with. */
export async function createUnits(
  { composition, settings, live, log, signal }: UnitsOptions,
  parts: UnitsParts,
): Promise<Units> {
  const { home, sources, journal, records, edge, servers, declared, warm, groups, inTurn } = parts;
  const { redisUrl, logins, queueUrl, keys } = servers;
  const { variables } = composition;
  const users = await openUnitUsers(home, declared, edge.user?.gid, variables);
  const node = await nodeFor(home);
  const poolOf = (unit: Unit) =>
    planConnections(
      units.all.map(({ declared: each }) => each),
      settings,
    ).poolOf(unit);
  const connectionRoom = (unit: Unit) =>
    roomToScale(
      units.all.map(({ declared: each }) => each),
      unit,
      ({ name }) => wantedProcesses(units.find(name).state),
      settings,
    );
  const environmentOf = (unit: Unit) =>
    processEnvironment(unit, {
      variables,
      source: live.source,
      databaseUrl: logins.database.urlOf,
      poolOf,
      redisUrl,
      folders: home,
      keys,
      consoleSocket: consoleSocket(home.run),
      redisPasswords: logins.redis?.now.passwords,
      redisRotation: logins.redis?.now.rotation ?? 0,
    });
  const units: Units = new Units(declared, {
    tools: {
      get root() {
        return sources.root;
      },
      folders: home,
      build: createBuilder({ signal, inTurn, groups, isServing: () => isServing(units) }),
      launcher: createLauncher({
        folders: home,
        node,
        variables,
        userOf: users.userOf,
        environmentOf,
        warm,
        groups,
        log,
      }),
      journal,
      log,
      connectionRoom,
      mostHeapMiB: () => readEnvironment([PROCESS_MEMORY_MIB], live.source).PROCESS_MEMORY_MIB,
      edgeUser: edge.user,
      onEnded: (unit, instance, end) => recordEnd(records, queueUrl(), unit, instance, end),
    },
    prepare: users.prepare,
    ownSource: () => sourceOf(sources),
    onDeployed: edge.publish,
    assertRoom: (planned) => void planConnections(planned, settings),
  });
  return units;
}

function sourceOf({ root, damaged }: UnitsParts['sources']): DeploySource {
  if (damaged === undefined) return { root };
  throw new Error(
    `Deploy: the source that was pushed last is damaged ("${damaged}"): push again, or pandect push --undo`,
  );
}
