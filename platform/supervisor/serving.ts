import type { Role } from './journal.ts';
import type { Instance } from './process/instance.ts';
import type { Release } from './release/release.ts';
import type { Traffic } from './traffic/traffic.ts';
import type { Unit } from './unit.ts';
import { createReplicaSet, type ReplicaSet, type ReplicaSetDeps } from './units/release-processes.ts';

/** What of one unit runs: the release that serves, a canary and previews beside it, and what was replaced and drains. */
export interface Serving {
  readonly current: ReplicaSet | undefined;
  readonly canary: { set: ReplicaSet; percent: number } | undefined;
  readonly previews: ReadonlyMap<string, ReplicaSet>;
  readonly sets: readonly { role: Role; set: ReplicaSet }[];
  /** Processes started in place of lost ones, since the supervisor began. */
  readonly restarts: number;
  make(unit: Unit, release: Release): ReplicaSet;
  /** All traffic goes to this set from now on; `drained` resolves when what served before is gone. */
  takeOver(next: ReplicaSet): Promise<{ drained: Promise<void> | undefined }>;
  /** Sends a share of the callers to a set, or to none any more; a former canary drains unless it serves now. */
  divert(canary: { set: ReplicaSet; percent: number } | undefined): Promise<void>;
  preview(set: ReplicaSet): Promise<void>;
  endPreview(release: string): Promise<void>;
  /** Processes of a release that serves no more, found by an adopting supervisor. */
  letDrain(set: ReplicaSet): Promise<void>;
}

export interface ServingDeps extends Omit<ReplicaSetDeps, 'onServing' | 'onFailedStart'> {
  /** None for a worker. */
  traffic: Traffic | undefined;
}

export function createServing(deps: ServingDeps): Serving {
  const previews = new Map<string, ReplicaSet>();
  const replaced = new Set<ReplicaSet>();
  /** Made, and nothing yet: what a supervisor that is killed now leaves of them serves nobody. */
  const candidates = new Set<ReplicaSet>();
  let current: ReplicaSet | undefined;
  let canary: Serving['canary'];
  let past = 0;

  const point = async () => {
    await deps.traffic?.point({
      slots: current?.unit.kind === 'function' ? current.unit.manifest.instances.max : 1,
      stable: sockets(current?.ready),
      ...(canary && { canary: { sockets: sockets(canary.set.ready), percent: canary.percent } }),
      previews: new Map([...previews].map(([release, set]) => [release, sockets(set.ready)])),
    });
  };

  const letDrain = async (set: ReplicaSet) => {
    candidates.delete(set);
    replaced.add(set);
    past += set.restarts;
    await set.drain();
    replaced.delete(set);
    deps.onChange();
  };

  return {
    get current() {
      return current;
    },
    get canary() {
      return canary;
    },
    previews,
    get sets() {
      return [
        ...(current ? [{ role: 'current' as const, set: current }] : []),
        ...(canary ? [{ role: 'canary' as const, set: canary.set }] : []),
        ...[...previews.values()].map((set) => ({ role: 'preview' as const, set })),
        ...[...candidates, ...replaced].map((set) => ({ role: 'replaced' as const, set })),
      ];
    },
    get restarts() {
      return past + (current?.restarts ?? 0);
    },
    make(unit, release) {
      const set = createReplicaSet(unit, release, {
        ...deps,
        onServing: point,
        onFailedStart: () => candidates.delete(set),
      });
      candidates.add(set);
      return set;
    },
    async takeOver(next) {
      const before = current === next ? undefined : current;
      current = next;
      candidates.delete(next);
      if (canary?.set === next) canary = undefined;
      await point();
      deps.onChange();
      return { drained: before && letDrain(before) };
    },
    async divert(next) {
      const before = canary?.set;
      canary = next;
      if (next) candidates.delete(next.set);
      await point();
      deps.onChange();
      if (before && before !== next?.set && before !== current) void letDrain(before);
    },
    async preview(set) {
      previews.set(set.release.id, set);
      candidates.delete(set);
      await point();
      deps.onChange();
    },
    async endPreview(release) {
      const set = previews.get(release);
      previews.delete(release);
      await point();
      if (set) void letDrain(set);
    },
    letDrain,
  };
}

const sockets = (instances: readonly Instance[] = []): string[] => instances.map(({ socket }) => socket);
