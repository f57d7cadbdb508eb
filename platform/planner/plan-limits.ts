import { serviceSizes } from '../services/service-sizes.ts';
import type { Unit } from '../supervisor/unit.ts';
import type { PlanInput } from './input/schema.ts';
import { storedChunks } from './plan-disk.ts';
import { containerMiB, indexMiB, type MemoryPlan } from './plan-memory.ts';

const MIB = 1024 * 1024;
const GIB_MIB = 1024;
const STEP_MIB = 64;
const CONNECTION_MIB = 6;
const POSTGRES_MIB = 100;
/** Redis copies itself to save; its data may fill three quarters of a limit. */
const REDIS_SHARE = 0.75;
const CADDY = { leastMiB: 128, mostMiB: 384, part: 40 };
/** Indexes up to this size are served from files, without a server of their own. */
const EMBEDDED_CHUNKS = 200_000;
const QDRANT_LEAST_MIB = 512;

/** Memory limits of the containers of one host. */
export interface LimitsPlan {
  services: { service: string; mib: number }[];
  totalMiB: number;
  /** The host's memory less that of the operating system. */
  roomMiB: number;
  /** What the container of the platform needs in the busiest hour, and with all processes that manifests allow. */
  platformMiB: { least: number; most: number };
  fits: boolean;
}

const platformParts = ['supervisor', 'functions', 'workers', 'children'];

/**
 * The platform gets what all its processes may take or, on a small host, what the others leave: it starts no more processes than its
 * limit has memory for.
 * @param units with as many instances as there may be
 */
export function planLimits(
  input: PlanInput,
  units: readonly Unit[],
  host: { memoryGb: number },
  load: { memory: MemoryPlan; connections: number; inFlight: number },
): LimitsPlan {
  const sizes = serviceSizes(host.memoryGb * GIB_MIB * MIB);
  const sharedBuffers = Number.parseInt(sizes.postgres.shared_buffers ?? '', 10);
  const others = [
    { service: 'postgres', mib: upTo(sharedBuffers + load.connections * CONNECTION_MIB + POSTGRES_MIB) },
    { service: 'redis', mib: upTo(sizes.redisMegabytes / REDIS_SHARE) },
    {
      service: 'caddy',
      mib: Math.max(CADDY.leastMiB, Math.min(CADDY.mostMiB, upTo((host.memoryGb * GIB_MIB) / CADDY.part))),
    },
  ];
  if (storedChunks(input) > EMBEDDED_CHUNKS) {
    others.push({ service: 'qdrant', mib: Math.max(QDRANT_LEAST_MIB, upTo(2 * indexMiB(input))) });
  }
  const roomMiB = Math.max(0, host.memoryGb * GIB_MIB - input.systemMegabytes);
  const taken = others.reduce((sum, { mib }) => sum + mib, 0);
  const busy = load.memory.parts.filter(({ name }) => platformParts.includes(name));
  const least = upTo(busy.reduce((sum, { mib }) => sum + mib, 0));
  const most = Math.max(least, upTo(containerMiB(units, load.inFlight), GIB_MIB));
  const left = Math.floor((roomMiB - taken) / STEP_MIB) * STEP_MIB;
  const pandect = Math.max(least, Math.min(most, left));
  return {
    services: [{ service: 'pandect', mib: pandect }, ...others],
    ...{ totalMiB: pandect + taken, roomMiB, platformMiB: { least, most }, fits: pandect + taken <= roomMiB },
  };
}

const upTo = (value: number, step = STEP_MIB): number => Math.ceil(value / step) * step;
