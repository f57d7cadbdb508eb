import { type ConnectionRoom, describeRoom } from '../database-connections.ts';
import { type HostMemory, inMebibytes, processBytes, reserveBytes } from './host-memory.ts';
import type { Decision, Need, ScalingState } from './stable-window.ts';

export interface Bounds {
  min: number;
  max: number;
  /** What `max` is, in words. */
  maxIs: string;
  /** The number that the operator set instead of what the load asks for; `max` and the host's memory bound it too. */
  fixed: number | undefined;
  /** Processes that run or start. */
  instances: number;
  /** Heap limit of a process in MiB. */
  memory: number;
  host: HostMemory;
  /** Undefined for a unit without a database. */
  connections?: ConnectionRoom | undefined;
}

/**
 * What the load asks for, as far as it is allowed. Memory and connections keep processes from being started and end none; `min` is
 * started whatever the memory, since a function that no one serves is worse than a host that is tight.
 */
export function bound<N extends Need>(asked: ScalingState<N>, why: string, bounds: Bounds): Decision<N> {
  const { min, max, maxIs, fixed, instances, memory, host, connections } = bounds;
  const needed = fixed ?? Math.max(min, asked.wanted);
  const [inMemory, inDatabase] = [roomFor(host, memory), connections?.processes ?? Number.POSITIVE_INFINITY];
  const affordable = Math.max(Math.min(min, needed), instances + Math.min(inMemory, inDatabase));
  const wanted = Math.min(needed, max, affordable);
  const held = wanted < needed;
  const reasons = [fixed === undefined ? why : `the operator set ${fixed}`];
  if (held && wanted === max) reasons.push(`held at ${max}, ${maxIs}`);
  else if (held && connections && inDatabase < inMemory)
    reasons.push(`${needed} wanted, held at ${wanted}: ${describeRoom(connections)}`);
  else if (held) {
    const [process, free, reserve] = [processBytes(memory), host.availableBytes, reserveBytes(host)].map(inMebibytes);
    reasons.push(
      `${needed} wanted, held at ${wanted}: a process may take ${process} MiB, ` +
        `${free} MiB are available, and ${reserve} MiB of them stay free`,
    );
  }
  return { state: { ...asked, wanted }, wanted, held, reason: reasons.join('; ') };
}

const roomFor = (host: HostMemory, memory: number): number =>
  Math.max(0, Math.floor((host.availableBytes - reserveBytes(host)) / processBytes(memory)));
