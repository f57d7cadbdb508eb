import type { Role, UnitRecord } from '../home/journal.ts';
import { isBackingOff } from '../process/backoff.ts';
import type { Unit } from '../unit.ts';
import type { ReleaseProcesses } from './release-processes.ts';

/**
 * The state of one unit: which of its releases have processes, and what for. A plain value that `transition` replaces;
 * `P` is the processes of a release.
 *
 *     candidate ──▶ current ──────────────▶ leaving ──▶ gone
 *       │  │ │         ▲                      ▲ ▲
 *       │  │ └──▶ canary ─────────────────────┘ │
 *       │  └────▶ preview ──────────────────────┘
 *       └───────▶ gone, when it does not start
 */
export interface UnitState<P = ReleaseProcesses> {
  /** What the journal keeps of the unit. */
  readonly record: UnitRecord;
  /** Start, or have started, and get no traffic yet. */
  readonly candidates: readonly P[];
  /** Serves. */
  readonly current: P | undefined;
  /** Gets a share of the callers. */
  readonly canary: { readonly processes: P; readonly percent: number } | undefined;
  /** Each answers at its own address. */
  readonly previews: readonly P[];
  /** Replaced; they finish what they have. */
  readonly leaving: readonly P[];
  /** Processes of releases that are gone, started in place of lost ones. */
  readonly pastRestarts: number;
}

export const emptyState = <P>(record: UnitRecord): UnitState<P> => ({
  record,
  candidates: [],
  current: undefined,
  canary: undefined,
  previews: [],
  leaving: [],
  pastRestarts: 0,
});

/**
 * What a unit as a whole does: down ⇄ serving; serving ⇄ asleep (a function), paused (a worker); serving ⇄ backing off
 * while it crashes again and again.
 */
export const unitStates = ['down', 'serving', 'asleep', 'paused', 'backing off'] as const;

export function nameOfState(
  { current }: UnitState<Pick<ReleaseProcesses, 'wanted' | 'ready' | 'backoffMs'>>,
  kind: Unit['kind'],
): (typeof unitStates)[number] {
  if (!current) return 'down';
  if (current.wanted === 0) return kind === 'worker' ? 'paused' : 'asleep';
  if (current.ready.length > 0) return 'serving';
  return isBackingOff(current.backoffMs) ? 'backing off' : 'down';
}

/** All processes of a unit, by the role that the journal has for them: candidates left by a killed supervisor serve nothing. */
export const byRole = <P>({ current, canary, previews, candidates, leaving }: UnitState<P>) => [
  ...(current ? [{ role: 'current' as Role, processes: current }] : []),
  ...(canary ? [{ role: 'canary' as Role, processes: canary.processes }] : []),
  ...previews.map((processes) => ({ role: 'preview' as Role, processes })),
  ...[...candidates, ...leaving].map((processes) => ({ role: 'replaced' as Role, processes })),
];

/** How many there shall be, those that are being replaced left out. */
export const wantedProcesses = (state: UnitState): number =>
  byRole(state).reduce((sum, { role, processes }) => sum + (role === 'replaced' ? 0 : processes.wanted), 0);

export const previewOf = <P extends { release: { id: string } }>({ previews }: UnitState<P>, release: string) =>
  previews.find((processes) => processes.release.id === release);

/** Processes started in place of lost ones since the supervisor began; it never falls. */
export const restartsOf = ({ pastRestarts, current, leaving }: UnitState<{ restarts: number }>): number =>
  [...(current ? [current] : []), ...leaving].reduce((sum, { restarts }) => sum + restarts, pastRestarts);

/** How many processes a release starts with: as many as run, within what the manifest and the operator say. */
export function startCount({ kind, manifest: { instances } }: Unit, record: UnitRecord, running: number): number {
  if (record.paused) return 0;
  const least = kind === 'function' ? Math.max(1, instances.min) : instances.min;
  return Math.min(instances.max, record.scale ?? Math.max(least, running));
}
