import type { Log } from '../../kernel/log.ts';
import { CrashBackoff } from '../process/backoff.ts';
import type { End, Instance } from '../process/instance.ts';
import type { Launcher } from '../process/launcher.ts';
import { warmUpInstance } from '../process/probe.ts';
import type { Release } from '../release/release.ts';
import { drainSeconds, type Unit } from '../unit.ts';

export interface ReleaseProcessesDeps {
  launcher: Launcher;
  log: Log;
  /** Whether others serve the unit, so that a new process may take its time. */
  isServed(): boolean;
  /** Called when other processes serve than before: a new one takes traffic when it resolves. */
  onServing(): Promise<void>;
  /** Called whenever a process has begun, changed its state or ended. */
  onChange(): void;
  /** Called when a process has ended, however it did. */
  onEnded(instance: Instance, end: End): Promise<void>;
}

/**
 * The processes of one release of a unit: as many as are wanted, and one that is lost is replaced. Each is in one of three
 * lists: starting → ready → draining.
 */
export class ReleaseProcesses {
  readonly unit: Unit;
  readonly release: Release;
  readonly #deps: ReleaseProcessesDeps;
  readonly #starting = new Set<Instance>();
  readonly #draining = new Set<Instance>();
  /** Ends that are still being recorded. */
  readonly #recording = new Set<Promise<void>>();
  #ready: readonly Instance[] = [];
  #wanted = 0;
  #restarts = 0;
  #lastLoss: { instance: Instance; end: End } | undefined;
  readonly #backoff = new CrashBackoff();
  #filling: Promise<void> | undefined;
  /** Starts none any more. */
  #isOver = false;

  constructor(unit: Unit, release: Release, deps: ReleaseProcessesDeps) {
    this.unit = unit;
    this.release = release;
    this.#deps = deps;
  }

  /** All of them: those that start, serve and drain. */
  get instances(): readonly Instance[] {
    return [...this.#starting, ...this.#ready, ...this.#draining];
  }

  /** Those that serve. */
  get ready(): readonly Instance[] {
    return this.#ready;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Processes started in place of lost ones. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The last process that was lost. */
  get lastLoss(): { instance: Instance; end: End } | undefined {
    return this.#lastLoss;
  }

  /** Milliseconds that the next start is put off after crashes in a row; 0 when it is not. */
  get backoffMs(): number {
    return this.#backoff.waitMs;
  }

  /** The first processes. @throws StartFailure, and none of them stays */
  async start(count: number): Promise<void> {
    const { started, failure } = await this.#launchAll(count);
    const isDead = started.some(({ state }) => state !== 'ready');
    const reason = isDead ? 'a process ended as soon as it was ready' : this.#isOver ? 'the platform is stopping' : '';
    const why = failure ?? (reason && new Error(`Start "${this.unit.name}": ${reason}`));
    if (why) {
      this.detach();
      await Promise.all(started.map((instance) => this.#retire(instance)));
      throw why;
    }
    this.#wanted = count;
    this.#ready = started;
  }

  /** Takes processes over that an earlier supervisor had started. */
  adopt(instances: readonly Instance[], count: number): void {
    this.#wanted = count;
    this.#ready = instances.filter(({ state }) => state === 'ready');
    for (const instance of instances) {
      if (instance.state === 'draining') this.#draining.add(instance);
      this.#watch(instance);
    }
    void this.#fill().catch(() => {});
  }

  /** From now on this many are wanted; the surplus drains. Resolves when as many serve, or a start has failed. */
  async scale(count: number): Promise<void> {
    this.#wanted = count;
    const surplus = this.#ready.slice(count);
    if (surplus.length > 0) {
      await this.#withdraw(surplus);
      if (count === 0 && this.unit.kind === 'function') this.#deps.launcher.warmUp(this.unit, this.release);
    }
    await this.#fill();
  }

  /** The next process that serves. @throws StartFailure when the start under way fails */
  async nextReady(): Promise<Instance> {
    if (!this.#ready[0]) await this.#fill();
    if (!this.#ready[0]) throw new Error(`Start "${this.unit.name}": it is not wanted any more`);
    return this.#ready[0];
  }

  /** Starts another one in place of this one, which then drains. @throws StartFailure, and this one stays */
  async replace(instance: Instance, because?: End): Promise<void> {
    if (!this.#ready.includes(instance) || this.#isOver) return;
    const successor = await this.#launch();
    // The other one may be lost by now, and another be started in its place.
    if (this.#isOver || successor.state !== 'ready' || !this.#ready.includes(instance))
      return this.#enlist([successor]);
    this.#ready = [...this.#ready, successor];
    await this.#withdraw([instance], because);
  }

  /** Those that were started with other settings than those of now, among those that serve unless others are given. */
  outdated(among: readonly Instance[] = this.#ready): Instance[] {
    const settings = this.#deps.launcher.settingsOf(this.unit);
    return among.filter((instance) => instance.settings !== settings);
  }

  /** Lets all finish what they have, for so many seconds at most; resolves when they are gone and their jobs are given back. */
  async drain(seconds = drainSeconds(this.unit)): Promise<void> {
    this.detach();
    this.#wanted = 0;
    for (const instance of this.#starting) instance.kill();
    await this.#filling?.catch(() => {}); // it was logged
    for (const instance of this.#ready) void this.#retire(instance);
    await Promise.all([...this.#draining].map((instance) => instance.stop(seconds)));
    await Promise.all(this.#recording);
  }

  /** Starts none any more and leaves those that run alone. */
  detach(): void {
    this.#isOver = true;
    this.#backoff.end();
  }

  kill(): void {
    this.detach();
    for (const instance of this.instances) instance.kill();
  }

  async #launch(): Promise<Instance> {
    const instance = await this.#deps.launcher.launch(this.unit, this.release);
    this.#starting.add(instance);
    this.#watch(instance);
    this.#deps.onChange();
    try {
      if (this.#isOver) instance.kill();
      await instance.ready;
      if (this.unit.kind === 'function' && this.#deps.isServed()) await warmUpInstance(instance.socket);
      return instance;
    } finally {
      this.#starting.delete(instance);
    }
  }

  async #launchAll(count: number): Promise<{ started: Instance[]; failure: unknown }> {
    const starts = await Promise.allSettled(Array.from({ length: count }, () => this.#launch()));
    return {
      started: starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
      failure: starts.find((result) => result.status === 'rejected')?.reason,
    };
  }

  #watch(instance: Instance): void {
    const { launcher, log } = this.#deps;
    const recorded = instance.ended
      .then(async (end) => this.#end(instance, await launcher.bury(instance, end)))
      .catch((error: unknown) => log.error({ error }, 'End of a process: not recorded'))
      .finally(() => this.#recording.delete(recorded));
    this.#recording.add(recorded);
  }

  async #end(instance: Instance, end: End): Promise<void> {
    const { log, onServing, onChange, onEnded } = this.#deps;
    const isLost = this.#ready.includes(instance);
    this.#ready = this.#ready.filter((other) => other !== instance);
    this.#draining.delete(instance);
    if (isLost) {
      this.#lastLoss = { instance, end };
      this.#backoff.served(Date.now() - instance.startedAt.getTime() - (instance.startMs ?? 0));
      this.#restarts++;
      this.#fillLater();
      log.error({ pid: instance.pid, end: end.detail, wait: this.#backoff.waitMs }, 'Process ended');
      await onServing();
    }
    onChange();
    await onEnded(instance, end);
  }

  #fillLater(): void {
    this.#backoff.putOff(() => void this.#fill().catch(() => {}));
  }

  /** Starts what is missing, one fill at a time. @throws StartFailure; another try is set up then */
  #fill(): Promise<void> {
    this.#filling ??= this.#startMissing().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #startMissing(): Promise<void> {
    while (!this.#isOver && this.#ready.length < this.#wanted) {
      const { started, failure } = await this.#launchAll(this.#wanted - this.#ready.length);
      await this.#enlist(started);
      if (failure === undefined) continue;
      this.#fillLater();
      this.#deps.log.error({ error: failure, wait: this.#backoff.waitMs }, 'Start failed');
      throw failure;
    }
    this.#backoff.reset();
  }

  /** Those that still live serve from now on, unless they are not wanted any more. */
  async #enlist(started: readonly Instance[]): Promise<void> {
    for (const instance of started) {
      if (instance.state !== 'ready') continue;
      if (this.#isOver || this.#ready.length >= this.#wanted) this.#retire(instance);
      else this.#ready = [...this.#ready, instance];
    }
    if (started.length > 0) await this.#deps.onServing();
    this.#deps.onChange();
  }

  #retire(instance: Instance, because?: End): Promise<void> {
    this.#ready = this.#ready.filter((other) => other !== instance);
    this.#draining.add(instance);
    // One that had ended by itself before is gone at once, and is not reported a second time.
    const gone = instance.stop(drainSeconds(this.unit), because).finally(() => this.#draining.delete(instance));
    this.#deps.onChange();
    return gone;
  }

  /** Traffic turns away from them before they drain; until then they are listed as draining. */
  async #withdraw(leaving: readonly Instance[], because?: End): Promise<void> {
    this.#ready = this.#ready.filter((instance) => !leaving.includes(instance));
    for (const instance of leaving) this.#draining.add(instance);
    await this.#deps.onServing();
    for (const instance of leaving) void this.#retire(instance, because);
  }
}
