import { memoryOf, processesIn } from '../../tests/support/processes.ts';
import { pidOf } from './images/rush.ts';
import type { BenchPlatform } from './platform.ts';
import { watchMemory } from './watch-memory.ts';

const EVERY_MS = 2_000;

export interface UnitMemory {
  /** Bytes resident at the highest, as the kernel has seen it. */
  resident: number;
  /** Bytes of which shared pages count in shares, at the highest look. */
  proportional: number;
}

export interface PlatformMemory {
  units: Map<string, UnitMemory>;
  /** Proportional bytes of all processes together at the highest look, with how many they were. */
  total: number;
  processes: number;
}

/** Watches some units and the whole platform: supervisor, PostgreSQL, Redis, Caddy, and all that they started. */
export async function watchPlatform(
  platform: BenchPlatform,
  names: readonly string[],
): Promise<{ stop(): Promise<PlatformMemory> }> {
  const found: PlatformMemory = { units: new Map(), total: 0, processes: 0 };
  const watched = new Map<string, { pid: number; watch: ReturnType<typeof watchMemory> }>();
  for (const name of names) {
    const pid = await pidOf(platform, name);
    watched.set(name, { pid, watch: watchMemory(pid) });
    found.units.set(name, { resident: 0, proportional: 0 });
  }
  const look = async () => {
    const pids = [platform.pid, ...(await processesIn(platform.folders)).map(({ pid }) => pid)];
    // Those that have ended take nothing.
    const bytes = new Map(
      await Promise.all([...new Set(pids)].map(async (pid) => [pid, await memoryOf(pid).catch(() => 0)] as const)),
    );
    const total = [...bytes.values()].reduce((sum, each) => sum + each, 0);
    if (total > found.total) Object.assign(found, { total, processes: bytes.size });
    for (const [name, unit] of found.units) {
      unit.proportional = Math.max(unit.proportional, bytes.get(watched.get(name)?.pid ?? 0) ?? 0);
    }
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await look();
      for (const [name, { watch }] of watched) {
        (found.units.get(name) as UnitMemory).resident = watch.stop().own;
      }
      return found;
    },
  };
}
