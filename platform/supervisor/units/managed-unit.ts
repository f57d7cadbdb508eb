import type { Log } from '../../kernel/log.ts';
import type { ConnectionRoom } from '../database-connections.ts';
import type { Journal } from '../home/journal.ts';
import type { End, Instance } from '../process/instance.ts';
import type { Launcher } from '../process/launcher.ts';
import type { Build } from '../release/builder.ts';
import { createTraffic, type Traffic } from '../traffic/traffic.ts';
import { isReachable, type Unit } from '../unit.ts';
import { type Activation, createActivation } from './activation.ts';
import { emptyState, type UnitState } from './state.ts';
import { UnitLock } from './unit-lock.ts';

/** What operations on units work with. */
export interface UnitTools {
  /** The checkout, or the source that was pushed last. */
  readonly root: string;
  folders: { run: string; releases: string; logs: string };
  build: Build;
  /** Heap that the operator allows a process; undefined where manifests decide. */
  mostHeapMiB(): number | undefined;
  launcher: Launcher;
  journal: Journal;
  log: Log;
  /** What the database leaves to more processes of a unit; undefined for one without a database. */
  connectionRoom(unit: Unit): ConnectionRoom | undefined;
  /** Whom the edge runs as; it connects to what the supervisor answers in a function's place. */
  edgeUser: { uid: number; gid: number } | undefined;
  /** Called when a process has ended, however it did. */
  onEnded(unit: Unit, instance: Instance, end: End): Promise<void>;
}

/** A function or worker under the supervisor's care. Operations change it, one a file in operations/. */
export interface ManagedUnit {
  readonly name: string;
  /** As its source had it when the supervisor began. */
  readonly declared: Unit;
  /** As it runs, with the manifest of the release. */
  readonly unit: Unit;
  /** Replaced as a whole, by `move` and `note` alone. */
  state: UnitState;
  /** Why it has fewer processes than its load, or the operator, asks for; by the scaler. */
  heldBecause?: string | undefined;
  readonly lock: UnitLock;
  /** None for a worker. */
  readonly traffic: Traffic | undefined;
  /** None for a worker. */
  readonly activation: Activation | undefined;
  readonly tools: UnitTools;
}

export function createManagedUnit(declared: Unit, tools: UnitTools): ManagedUnit {
  const { kind, name } = declared;
  const { journal, folders, edgeUser, log } = tools;
  journal.state.units[name] ??= { history: [] };
  const managed: ManagedUnit = {
    name,
    declared,
    get unit() {
      return managed.state.current?.unit ?? declared;
    },
    state: emptyState(journal.state.units[name]),
    lock: new UnitLock(),
    traffic: kind === 'function' ? createTraffic(folders.run, name) : undefined,
    activation:
      kind === 'function'
        ? createActivation({
            ...{ name, run: folders.run, log },
            edgeUser: isReachable(declared) ? edgeUser : undefined,
            current: () => managed.state.current,
          })
        : undefined,
    tools,
  };
  return managed;
}
