import { join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { crashBackoff, STABLE_MS } from './process/backoff.ts';
import { type Instance, planSpawn, spawnInstance } from './process/instance.ts';
import type { Release } from './release/release.ts';
import { releaseEnvironment } from './release/releases.ts';
import { instancePath, switchSlots } from './traffic/socket-path.ts';
import type { Unit } from './unit.ts';

export interface PoolDeps {
  folders: { run: string; releases: string; logs: string; cache: string };
  node: string;
  user: { uid: number; gid: number } | undefined;
  log: Log;
  /** Called after every change of what runs. */
  onChange(): Promise<void>;
  /** Called when a process has ended, however it did. */
  onEnded(instance: Instance): Promise<void>;
}

/** The processes of one unit: those that start, run and drain. One that is lost is replaced. */
export interface Pool {
  readonly instances: readonly Instance[];
  readonly restarts: number;
  /** Starts the processes of a release beside those that run. @throws StartFailure, and none of them stays */
  launch(unit: Unit, release: Release): Promise<Instance[]>;
  /** Gives new traffic to these processes and lets the earlier ones finish; `drained` resolves when those are gone. */
  adopt(unit: Unit, release: Release, started: Instance[]): Promise<{ old: number; drained: Promise<unknown> }>;
  /** Runs a change during which no lost process is replaced, since the change brings its own. */
  change<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
  kill(): void;
}

const READY_SECONDS = 30;

export function createPool(name: string, deps: PoolDeps): Pool {
  let current: { unit: Unit; release: Release } | undefined;
  let running: Instance[] = [];
  const starting = new Set<Instance>();
  const draining = new Set<Instance>();
  let changing = false;
  let stopping = false;
  let crashes = 0;
  let restarts = 0;
  let counter = 0;
  let retry: NodeJS.Timeout | undefined;
  let replacing: Promise<void> = Promise.resolve();
  let pointing: Promise<void> = Promise.resolve();
  const log = deps.log.child({ unit: name });

  const start = async (unit: Unit, release: Release): Promise<Instance> => {
    const id = `${process.pid.toString(36)}${(counter++).toString(36)}`;
    const plan = planSpawn(unit, release, await releaseEnvironment(release), {
      node: deps.node,
      socket: instancePath(deps.folders.run, name, id),
      instance: id,
      compileCache: join(deps.folders.cache, name),
    });
    const logFile = join(deps.folders.logs, `${name}.log`);
    const options = { id, plan, logFile, user: deps.user, readySeconds: READY_SECONDS };
    const instance = await spawnInstance(unit, release, options);
    starting.add(instance);
    instance.ended
      .then((reason) => onEnd(instance, reason))
      .catch((error: unknown) => log.error({ error }, 'End of a process: not recorded'));
    try {
      if (stopping) instance.kill();
      await Promise.all([instance.ready, deps.onChange()]);
      return instance;
    } finally {
      starting.delete(instance);
    }
  };

  const onEnd = async (instance: Instance, reason: string) => {
    draining.delete(instance);
    await deps.onEnded(instance);
    const isLost = running.includes(instance) && !stopping;
    running = running.filter((other) => other !== instance);
    if (isLost) {
      const finished = reason === 'exit status 0'; // a worker that has done its share of jobs
      if (Date.now() - instance.startedAt.getTime() > STABLE_MS || finished) crashes = 0;
      if (!finished) crashes++;
      const wait = crashBackoff(crashes);
      log[finished ? 'info' : 'error']({ pid: instance.pid, reason, wait }, 'Process ended');
      await point();
      retry = setTimeout(replaceLost, wait);
    }
    await deps.onChange();
  };

  const replaceLost = () => {
    replacing = replacing.then(startMissing);
  };

  const startMissing = async () => {
    if (stopping || changing || !current || running.length >= wanted(current.unit)) return;
    try {
      const instance = await start(current.unit, current.release);
      if (stopping) return instance.stop(drainSeconds(current.unit));
      running.push(instance);
      restarts++;
      await point();
      await deps.onChange();
    } catch (error) {
      crashes++;
      log.error({ error }, 'Restart failed');
      retry = setTimeout(replaceLost, crashBackoff(crashes));
    }
  };

  /** One switch at a time: two would share the links that they prepare. */
  const point = (): Promise<void> => {
    pointing = pointing
      .catch(() => {})
      .then(async () => {
        if (current?.unit.kind !== 'function') return;
        const sockets = running.map(({ socket }) => socket);
        await switchSlots(deps.folders.run, name, sockets, current.unit.manifest.instances.max);
      });
    return pointing;
  };

  return {
    get instances() {
      return [...starting, ...running, ...draining];
    },
    get restarts() {
      return restarts;
    },

    async launch(unit, release) {
      const starts = await Promise.allSettled(Array.from({ length: wanted(unit) }, () => start(unit, release)));
      const started = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const dead = started.find(({ state }) => state !== 'ready');
      const failure =
        starts.find((result) => result.status === 'rejected')?.reason ??
        (dead && new Error(`Start "${name}": a process ended as soon as it was ready`)) ??
        (stopping ? new Error(`Start "${name}": the platform is stopping`) : undefined);
      if (failure === undefined) return started;
      await Promise.all(started.map((instance) => instance.stop(drainSeconds(unit))));
      throw failure;
    },

    async adopt(unit, release, started) {
      const old = running;
      const before = current?.unit ?? unit;
      for (const instance of old) draining.add(instance);
      running = started.filter(({ state }) => state === 'ready');
      current = { unit, release };
      crashes = 0;
      clearTimeout(retry);
      await point();
      return { old: old.length, drained: Promise.all(old.map((instance) => instance.stop(drainSeconds(before)))) };
    },

    async change(work) {
      changing = true;
      try {
        await replacing;
        return await work();
      } finally {
        changing = false;
        replaceLost();
      }
    },

    async stop() {
      stopping = true;
      clearTimeout(retry);
      for (const instance of starting) instance.kill();
      await replacing;
      const seconds = current ? drainSeconds(current.unit) : 0;
      await Promise.all([...running, ...draining].map((instance) => instance.stop(seconds)));
    },
    kill() {
      for (const instance of [...starting, ...running, ...draining]) instance.kill();
    },
  };
}

const wanted = (unit: Unit): number => (unit.kind === 'function' ? unit.manifest.instances.min : 1);

/** A process may finish what it has begun; one that takes longer hangs. */
const drainSeconds = ({ manifest }: Unit): number => Math.max(manifest.timeout, 30) + 10;
