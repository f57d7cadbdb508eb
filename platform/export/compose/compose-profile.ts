import { serviceSizes } from '../../services/service-sizes.ts';
import { BESIDE_HEAP_MIB } from '../../supervisor/process/memory-cap.ts';
import { drainSeconds, type Unit } from '../../supervisor/unit.ts';

/** Sizes of containers for hosts of three sizes, worked out from the manifests of functions and workers. */

export const profileNames = ['3g', '16g', '32g'] as const;
export type ProfileName = (typeof profileNames)[number];

interface Service {
  memoryMiB: number;
  /** Processors that it may fill. */
  cpus: number;
}

interface HostSize {
  memoryMiB: number;
  cores: number;
  /** For the system and the container engine. */
  systemMiB: number;
  /** Swap that the platform's container may use. */
  swapMiB: number;
  /** That PostgreSQL accepts. */
  connections: number;
  /** All containers but that of the platform, which gets what they leave. */
  others: Record<string, Service>;
  platformCpus: number;
}

export interface ComposeProfile {
  name: ProfileName;
  host: HostSize;
  services: Record<string, Service>;
  /** Settings of the platform, without which its processes would not fit. */
  settings: Record<string, string>;
  /** What processes may take at most, in MiB. */
  needs: Needs;
  /** Memory and swap of the platform's container. */
  limitMiB: number;
  /** Processes and threads. */
  pids: number;
  /** Seconds until all requests have ended once it stops. */
  drainSeconds: number;
  postgres: { sharedBuffers: string; effectiveCache: string };
  redisMegabytes: number;
}

export interface Needs {
  /** Of one process of each function and worker, asleep or not, and as many as a manifest asks for. */
  processes: number;
  supervisor: number;
  /** Of what workers start for their jobs. */
  children: number;
  total: number;
}

const SUPERVISOR_MIB = 150;
/** Threads of a process of Node, its helpers among them. */
const THREADS = 14;

const hosts: Record<ProfileName, HostSize> = {
  '3g': {
    ...{ memoryMiB: 3072, cores: 3, systemMiB: 256, swapMiB: 4096, connections: 120, platformCpus: 2.5 },
    others: {
      postgres: { memoryMiB: 384, cpus: 1.5 },
      redis: { memoryMiB: 128, cpus: 0.5 },
      caddy: { memoryMiB: 128, cpus: 1 },
      backup: { memoryMiB: 256, cpus: 1 },
    },
  },
  '16g': {
    ...{ memoryMiB: 16_384, cores: 4, systemMiB: 512, swapMiB: 0, connections: 200, platformCpus: 3.5 },
    others: {
      postgres: { memoryMiB: 2048, cpus: 2 },
      redis: { memoryMiB: 384, cpus: 1 },
      caddy: { memoryMiB: 256, cpus: 1.5 },
      qdrant: { memoryMiB: 1536, cpus: 2 },
      backup: { memoryMiB: 512, cpus: 1 },
      prometheus: { memoryMiB: 768, cpus: 1 },
      alertmanager: { memoryMiB: 128, cpus: 0.25 },
      grafana: { memoryMiB: 384, cpus: 0.5 },
    },
  },
  '32g': {
    ...{ memoryMiB: 32_768, cores: 8, systemMiB: 1024, swapMiB: 0, connections: 200, platformCpus: 7 },
    others: {
      postgres: { memoryMiB: 4096, cpus: 4 },
      redis: { memoryMiB: 768, cpus: 1 },
      caddy: { memoryMiB: 384, cpus: 2 },
      qdrant: { memoryMiB: 6144, cpus: 4 },
      backup: { memoryMiB: 1024, cpus: 2 },
      prometheus: { memoryMiB: 2048, cpus: 2 },
      alertmanager: { memoryMiB: 128, cpus: 0.25 },
      grafana: { memoryMiB: 512, cpus: 1 },
    },
  },
};

/** Tried in this order; undefined leaves manifests alone. */
const heaps = [undefined, 192, 128, 96, 64, 48, 40, 32];
const parsers = [3, 2, 1];

/**
 * A profile in which all that processes may take fits into the container's limit.
 * @throws when there is none for this host, however small processes are made
 */
export function composeProfile(units: readonly Unit[], name: ProfileName): ComposeProfile {
  const host = hosts[name];
  const taken = Object.values(host.others).reduce((sum, { memoryMiB }) => sum + memoryMiB, host.systemMiB);
  const memoryMiB = host.memoryMiB - taken;
  const limitMiB = memoryMiB + host.swapMiB;
  const tried = heaps.flatMap((heapMiB) => parsers.map((atOnce) => ({ heapMiB, atOnce })));
  const chosen = tried.find((bounds) => needsOf(units, bounds).total <= limitMiB);
  if (!chosen) {
    const least = needsOf(units, { heapMiB: heaps.at(-1), atOnce: 1 }).total;
    throw new Error(
      `Export compose for "${name}": the processes of all units need ${least} MiB, and ${limitMiB} are left`,
    );
  }
  const { heapMiB, atOnce } = chosen;
  const sizes = serviceSizes(host.memoryMiB * 1024 ** 2);
  const processes = units.reduce((sum, { manifest }) => sum + manifest.instances.max, 0);
  return {
    ...{ name, host, limitMiB, needs: needsOf(units, chosen) },
    services: { pandect: { memoryMiB, cpus: host.platformCpus }, ...host.others },
    settings: {
      ...(heapMiB !== undefined && { PROCESS_MEMORY_MIB: String(heapMiB) }),
      ...(atOnce !== parsers[0] && { PARSERS_AT_ONCE: String(atOnce) }),
    },
    pids: Math.ceil((2 * processes * THREADS) / 256) * 256,
    drainSeconds: Math.max(...units.filter(({ kind }) => kind === 'function').map(drainSeconds)) + 10,
    postgres: {
      sharedBuffers: sizes.postgres.shared_buffers as string,
      effectiveCache: sizes.postgres.effective_cache_size as string,
    },
    redisMegabytes: sizes.redisMegabytes,
  };
}

/**
 * What units may take with one process of each, and more where a manifest asks for more; further ones are started only where the
 * container has memory left for them (see `scaling/bound.ts`).
 */
export function needsOf(
  units: readonly Unit[],
  { heapMiB, atOnce }: { heapMiB?: number | undefined; atOnce: number },
): Needs {
  let [processes, children] = [0, 0];
  for (const { kind, manifest } of units) {
    const instances = Math.max(1, manifest.instances.min);
    processes += instances * (Math.min(manifest.memory, heapMiB ?? manifest.memory) + BESIDE_HEAP_MIB);
    if (kind === 'function' || Object.keys(manifest.children).length === 0) continue;
    const { perJob, shared } = manifest.childMemory;
    children += instances * (perJob * Math.min(atOnce, manifest.concurrency) + shared);
  }
  return { processes, supervisor: SUPERVISOR_MIB, children, total: processes + SUPERVISOR_MIB + children };
}
