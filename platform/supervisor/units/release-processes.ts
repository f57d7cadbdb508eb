import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import type { ProcessUser } from '../../services/process-user.ts';
import { crashBackoff, STABLE_MS } from '../process/backoff.ts';
import type { ProcessGroups } from '../process/cgroup.ts';
import { nativesOf } from '../process/confinement.ts';
import { type End, type Instance, spawnInstance } from '../process/instance.ts';
import { groupCap } from '../process/memory-cap.ts';
import { settingsDigest } from '../process/settings-digest.ts';
import { planSpawn, type SpawnPlan } from '../process/spawn-plan.ts';
import type { WarmProcess } from '../process/warm-process.ts';
import type { Release } from '../release/release.ts';
import { instancePath } from '../traffic/socket-path.ts';
import { drainSeconds, type Unit } from '../unit.ts';

export interface ReplicaSetDeps {
  folders: { run: string; releases: string; logs: string; cache: string };
  node: string;
  /** Whom a unit's processes run as. */
  userOf(unit: Unit): ProcessUser | undefined;
  log: Log;
  /** What a process that starts now sees, by its manifest. */
  environmentOf(unit: Unit): Record<string, string>;
  /** One process that is kept ready for what fell asleep last. */
  warm?: WarmProcess | undefined;
  /** Limits that the kernel enforces, where it lets us. */
  groups?: ProcessGroups | undefined;
  /** Called when other processes serve than before: a new one takes traffic when it resolves. */
  onServing(): Promise<void>;
  /** Called when the first processes did not start. */
  onFailedStart(): void;
  /** Called whenever a process has begun, changed its state or ended. */
  onChange(): void;
  /** Called when a process has ended, however it did. */
  onEnded(instance: Instance, end: End): Promise<void>;
}

/** The processes of one release of a unit: as many as are wanted, and one that is lost is replaced. */
export interface ReplicaSet {
  readonly unit: Unit;
  readonly release: Release;
  /** All of them: those that start, serve and drain. */
  readonly instances: readonly Instance[];
  /** Those that serve. */
  readonly ready: readonly Instance[];
  readonly wanted: number;
  /** Processes started in place of lost ones. */
  readonly restarts: number;
  /** The last process that was lost. */
  readonly lastLoss: { instance: Instance; end: End } | undefined;
  /** Milliseconds that the next start is put off after crashes in a row; 0 when it is not. */
  readonly backoffMs: number;
  /** The first processes. @throws StartFailure, and none of them stays */
  start(count: number): Promise<void>;
  /** Takes processes over that an earlier supervisor had started. */
  adopt(instances: readonly Instance[], count: number): void;
  /** From now on this many are wanted; the surplus drains. Resolves when as many serve, or a start has failed. */
  scale(count: number): Promise<void>;
  /** The next process that serves. @throws StartFailure when the start under way fails */
  nextReady(): Promise<Instance>;
  /** Starts another one in place of this one, which then drains. @throws StartFailure, and this one goes on */
  replace(instance: Instance, because?: End): Promise<void>;
  /** Those that serve, but were started with other settings than those of now. */
  outdated(): Instance[];
  /** Lets all finish what they have, for so many seconds at most; resolves when they are gone. */
  drain(seconds?: number): Promise<void>;
  /** Starts none any more and leaves those that run alone. */
  detach(): void;
  kill(): void;
}

export const READY_SECONDS = 30;
let counter = 0;

export function createReplicaSet(unit: Unit, release: Release, deps: ReplicaSetDeps): ReplicaSet {
  const log = deps.log.child({ unit: unit.name, release: release.id });
  const starting = new Set<Instance>();
  const draining = new Set<Instance>();
  let ready: Instance[] = [];
  let wanted = 0;
  let restarts = 0;
  let crashes = 0;
  let backoffMs = 0;
  let retry: NodeJS.Timeout | undefined;
  let filling: Promise<void> | undefined;
  let ended = false;
  let lastLoss: ReplicaSet['lastLoss'];

  const logFile = join(deps.folders.logs, `${unit.name}.log`);
  const planNext = (environment: Record<string, string>): SpawnPlan => {
    const id = `${process.pid.toString(36)}${(counter++).toString(36)}`;
    return planSpawn(unit, { ...release, natives: nativesOf(release) }, environment, {
      node: deps.node,
      socket: instancePath(deps.folders.run, unit.name, id),
      instance: id,
      compileCache: join(deps.folders.cache, unit.name),
    });
  };

  const launch = async (): Promise<Instance> => {
    const environment = deps.environmentOf(unit);
    const settings = settingsDigest(environment);
    const prepared = deps.warm?.take(release.id, settings);
    const plan = prepared?.plan ?? planNext(environment);
    const instance = await spawnInstance(unit, release, {
      id: plan.env.PANDECT_INSTANCE as string,
      plan,
      settings,
      logFile,
      user: deps.userOf(unit),
      readySeconds: READY_SECONDS,
      prepared: prepared?.child,
    });
    starting.add(instance);
    watch(instance);
    deps.onChange();
    deps.groups
      ?.enter(groupOf(instance), instance.pid, { memoryBytes: groupCap(unit) })
      .catch((error: unknown) => log.warn({ error, pid: instance.pid }, 'Limit process: not in a control group'));
    try {
      if (ended) instance.kill();
      await instance.ready;
      return instance;
    } finally {
      starting.delete(instance);
    }
  };

  const watch = (instance: Instance) => {
    instance.ended
      .then(async (end) => onEnd(instance, await endInGroup(instance, end)))
      .catch((error: unknown) => log.error({ error }, 'End of a process: not recorded'));
  };

  /** Only the kernel knows that it ended a process for the memory it took. */
  const endInGroup = async (instance: Instance, end: End): Promise<End> => {
    const { groups } = deps;
    if (!groups) return end;
    const ranOut = await groups.ranOutOfMemory(groupOf(instance));
    await groups.remove(groupOf(instance)).catch((error: unknown) => log.warn({ error }, 'Control group: not removed'));
    return ranOut ? { reason: 'memory', detail: 'the kernel ended it at the limit of its control group' } : end;
  };

  const onEnd = async (instance: Instance, end: End) => {
    const isLost = ready.includes(instance);
    ready = ready.filter((other) => other !== instance);
    draining.delete(instance);
    if (isLost) {
      lastLoss = { instance, end };
      crashes = crashesLeft(crashes, Date.now() - instance.startedAt.getTime() - (instance.startMs ?? 0));
      restarts++;
      fillLater(++crashes);
      log.error({ pid: instance.pid, end: end.detail, wait: backoffMs }, 'Process ended');
      await deps.onServing();
    }
    deps.onChange();
    await deps.onEnded(instance, end);
  };

  const fillLater = (after: number) => {
    backoffMs = crashBackoff(after);
    clearTimeout(retry);
    if (!ended) retry = setTimeout(() => void fill().catch(() => {}), backoffMs);
  };

  /** Starts what is missing, one fill at a time. @throws StartFailure; another try is set up then */
  const fill = (): Promise<void> => {
    filling ??= (async () => {
      while (!ended && ready.length < wanted) {
        const started = await Promise.allSettled(Array.from({ length: wanted - ready.length }, launch));
        await enlist(started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
        const failure = started.find((result) => result.status === 'rejected');
        if (!failure) continue;
        fillLater(++crashes);
        log.error({ error: failure.reason, wait: backoffMs }, 'Start failed');
        throw failure.reason;
      }
      backoffMs = 0;
    })().finally(() => {
      filling = undefined;
    });
    return filling;
  };

  /** Those that still live serve from now on, unless nobody wants them any more. */
  const enlist = async (started: readonly Instance[]) => {
    for (const instance of started) {
      if (instance.state !== 'ready') continue;
      if (ended || ready.length >= wanted) retire(instance);
      else ready.push(instance);
    }
    if (started.length > 0) await deps.onServing();
    deps.onChange();
  };

  const retire = (instance: Instance, because?: End): Promise<void> => {
    ready = ready.filter((other) => other !== instance);
    draining.add(instance);
    // One that had ended by itself before is gone at once, and nobody tells of it a second time.
    const gone = instance.stop(drainSeconds(unit), because).finally(() => draining.delete(instance));
    deps.onChange();
    return gone;
  };

  /** Traffic turns away from them before they drain; they are there meanwhile. */
  const withdraw = async (leaving: readonly Instance[], because?: End) => {
    ready = ready.filter((instance) => !leaving.includes(instance));
    for (const instance of leaving) draining.add(instance);
    await deps.onServing();
    for (const instance of leaving) void retire(instance, because);
  };

  return {
    unit,
    release,
    get instances() {
      return [...starting, ...ready, ...draining];
    },
    get ready() {
      return ready;
    },
    get wanted() {
      return wanted;
    },
    get restarts() {
      return restarts;
    },
    get lastLoss() {
      return lastLoss;
    },
    get backoffMs() {
      return backoffMs;
    },

    async start(count) {
      const starts = await Promise.allSettled(Array.from({ length: count }, launch));
      const started = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const dead = started.some(({ state }) => state !== 'ready');
      const failure =
        starts.find((result) => result.status === 'rejected')?.reason ??
        (dead ? new Error(`Start "${unit.name}": a process ended as soon as it was ready`) : undefined) ??
        (ended ? new Error(`Start "${unit.name}": the platform is stopping`) : undefined);
      if (failure !== undefined) {
        ended = true;
        await Promise.all(started.map((instance) => retire(instance)));
        deps.onFailedStart();
        throw failure;
      }
      wanted = count;
      ready = started;
    },

    adopt(instances, count) {
      wanted = count;
      ready = instances.filter(({ state }) => state === 'ready');
      for (const instance of instances) {
        if (instance.state === 'draining') draining.add(instance);
        watch(instance);
      }
      void fill().catch(() => {});
    },

    async scale(count) {
      wanted = count;
      const surplus = ready.slice(count);
      if (surplus.length > 0) {
        await withdraw(surplus);
        if (count === 0 && unit.kind === 'function') {
          const environment = deps.environmentOf(unit);
          const plan = planNext(environment);
          deps.warm?.prepare(release.id, settingsDigest(environment), plan, logFile, deps.userOf(unit));
        }
      }
      await fill();
    },

    async nextReady() {
      if (!ready[0]) await fill();
      if (!ready[0]) throw new Error(`Start "${unit.name}": it is not wanted any more`);
      return ready[0];
    },

    async replace(instance, because) {
      if (!ready.includes(instance) || ended) return;
      const successor = await launch();
      // The other one may be lost by now, and another be started in its place.
      if (ended || successor.state !== 'ready' || !ready.includes(instance)) return enlist([successor]);
      ready = [...ready, successor];
      await withdraw([instance], because);
    },

    outdated() {
      const settings = settingsDigest(deps.environmentOf(unit));
      return ready.filter((instance) => instance.settings !== settings);
    },

    async drain(seconds = drainSeconds(unit)) {
      ended = true;
      wanted = 0;
      clearTimeout(retry);
      for (const instance of starting) instance.kill();
      await filling?.catch(() => {}); // it was logged
      for (const instance of ready) void retire(instance);
      await Promise.all([...draining].map((instance) => instance.stop(seconds)));
    },
    detach() {
      ended = true;
      clearTimeout(retry);
    },
    kill() {
      ended = true;
      for (const instance of [...starting, ...ready, ...draining]) instance.kill();
    },
  };
}

const groupOf = ({ unit, id }: Instance) => `${unit}-${id}`;
