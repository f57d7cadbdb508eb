import type { ProcessEntry } from '../home/journal.ts';
import type { Release } from '../release/release.ts';
import type { Destinations } from '../traffic/traffic.ts';
import type { Unit } from '../unit.ts';
import type { ManagedUnit } from './managed-unit.ts';
import { ReleaseProcesses } from './release-processes.ts';
import { byRole, type UnitState } from './state.ts';
import { type Note, type Placement, transition } from './transitions.ts';

/** The only places where the state of a unit is replaced, and what follows when it is. */

/** Takes an event down that changes no traffic. The journal is written with the next `save`. */
export function note(managed: ManagedUnit, event: Note<ReleaseProcesses>): void {
  become(managed, transition(managed.state, event));
}

/**
 * Gives a release another place: points the links, writes the journal, and drains what leaves.
 * @returns `drained` resolves when that is gone; undefined where nothing leaves
 */
export async function move(
  managed: ManagedUnit,
  event: Placement<ReleaseProcesses>,
): Promise<{ drained: Promise<unknown> | undefined }> {
  const before = managed.state;
  become(managed, transition(before, event));
  const leaving = managed.state.leaving.filter((processes) => !before.leaving.includes(processes));
  await pointLinks(managed);
  saveProcesses(managed);
  return { drained: leaving.length > 0 ? Promise.all(leaving.map((each) => drain(managed, each))) : undefined };
}

/** The processes of a release, none of them started. */
export function makeProcesses(managed: ManagedUnit, unit: Unit, release: Release): ReleaseProcesses {
  const { launcher, log, onEnded } = managed.tools;
  const processes = new ReleaseProcesses(unit, release, {
    launcher,
    log: log.child({ unit: unit.name, release: release.id }),
    isServed: () => (managed.state.current?.ready.length ?? 0) > 0,
    onServing: () => pointLinks(managed),
    onChange: () => saveProcesses(managed),
    onEnded: (instance, end) => onEnded(unit, instance, end),
  });
  note(managed, { event: 'made', processes });
  return processes;
}

/** Starts so many processes of a release. @throws StartFailure, and none of them stays */
export async function startProcesses(managed: ManagedUnit, unit: Unit, release: Release, count: number) {
  const processes = makeProcesses(managed, unit, release);
  try {
    await processes.start(count);
    return processes;
  } catch (error) {
    note(managed, { event: 'not-started', processes });
    throw error;
  }
}

function become(managed: ManagedUnit, state: UnitState): void {
  managed.state = state;
  managed.tools.journal.state.units[managed.name] = state.record;
}

async function drain(managed: ManagedUnit, processes: ReleaseProcesses): Promise<void> {
  await processes.drain();
  note(managed, { event: 'gone', processes });
  saveProcesses(managed);
}

const pointLinks = async ({ traffic, state }: ManagedUnit) => traffic?.point(destinations(state));

const sockets = ({ ready }: Pick<ReleaseProcesses, 'ready'>): string[] => ready.map(({ socket }) => socket);

function destinations({ current, canary, previews }: UnitState): Destinations {
  return {
    slots: current?.unit.kind === 'function' ? current.unit.manifest.instances.max : 1,
    stable: current ? sockets(current) : [],
    ...(canary && { canary: { sockets: sockets(canary.processes), percent: canary.percent } }),
    previews: new Map(previews.map((processes) => [processes.release.id, sockets(processes)])),
  };
}

/** Brings the processes in the journal up to date. It is not waited for: what it holds already is still true. */
function saveProcesses({ name, state, tools: { journal, log } }: ManagedUnit): void {
  const others = journal.state.processes.filter(({ unit }) => unit !== name);
  journal.state.processes = [...others, ...entries(name, state)];
  journal.save().catch((error: unknown) => log.error({ error }, 'Journal: not written'));
}

const entries = (unit: string, state: UnitState): ProcessEntry[] =>
  byRole(state).flatMap(({ role, processes }) =>
    processes.instances
      .filter(({ pid }) => pid > 0)
      .map(({ id, release, pid, startTime, socket, settings, startedAt, startMs, state: phase }) => ({
        unit,
        role: phase === 'draining' ? 'replaced' : role,
        id,
        release,
        pid,
        startTime,
        socket,
        ...(settings !== undefined && { settings }),
        startedAt: startedAt.toISOString(),
        ...(startMs !== undefined && { startMs }),
      })),
  );
