import type { WorkerManifest } from '../../kernel/manifest.ts';
import type { ConnectionRoom } from '../database-connections.ts';
import { bound } from './bound.ts';
import type { HostMemory } from './host-memory.ts';
import { type Decision, type ScalingState, settle } from './stable-window.ts';

/** A queue and its workers at one moment; taken every second or few. */
export interface QueueSample {
  /** Milliseconds of any clock that only goes forward. */
  at: number;
  /** Processes that work or start. */
  instances: number;
  /** Jobs that could be worked on now: not those of a paused queue, nor those whose time for a retry has not come. */
  waiting: number;
  /** How long the oldest of them has waited; 0 without any. */
  oldestSeconds: number;
  /** Jobs under way in all processes. */
  working: number;
  /** How long a job takes in the mean, as far as known. */
  jobSeconds: number | undefined;
  host: HostMemory;
  connections?: ConnectionRoom | undefined;
}

export interface WorkerRules {
  manifest: Pick<WorkerManifest, 'instances' | 'concurrency' | 'memory'>;
  /** Processors of the host: jobs compute, so that more processes than these are no faster. */
  cores: number;
  /** The number that the operator set. */
  fixed?: number | undefined;
}

const PATIENCE_SECONDS = 10;
const DRAIN_SECONDS = 30;
const STABLE_MS = 120_000;

/**
 * How many processes a queue needs: more when jobs wait too long and are too many to be done soon, fewer when nothing
 * has waited for two minutes, and then as many as the jobs under way filled in that time.
 */
export function decideWorkers(
  state: ScalingState,
  sample: QueueSample,
  { manifest, cores, fixed }: WorkerRules,
): Decision {
  const { instances, concurrency, memory } = manifest;
  const { need, why } = needOf(state.wanted, sample, concurrency);
  const asked = settle(state, { at: sample.at, up: need, keep: need }, STABLE_MS);
  const reason = asked.wanted < state.wanted ? `nothing has waited for ${STABLE_MS / 1000} s` : why;
  const max = Math.max(instances.min, Math.min(instances.max, cores));
  return bound(asked, reason, {
    min: instances.min,
    max,
    maxIs: max === instances.max ? 'the most that its manifest allows' : 'as many as there are cores',
    fixed,
    instances: sample.instances,
    memory,
    host: sample.host,
    connections: sample.connections,
  });
}

function needOf(wanted: number, sample: QueueSample, concurrency: number): { need: number; why: string } {
  const { waiting, oldestSeconds, working } = sample;
  if (waiting === 0) {
    return { need: Math.min(wanted, Math.ceil(working / concurrency)), why: 'nothing waits' };
  }
  const places = sample.instances * concurrency;
  const jobs = `${waiting} wait, the oldest for ${Math.round(oldestSeconds)} s`;
  if (oldestSeconds <= PATIENCE_SECONDS || waiting <= places) return { need: wanted, why: jobs };
  // More processes would be as idle as these: an organization has as many under way as it may, or some just start.
  if (working * 2 < places) return { need: wanted, why: `${jobs}; ${working} of ${places} places are taken` };
  // When no job has ended yet, each takes at least as long as the oldest has waited for a place.
  const seconds = sample.jobSeconds ?? oldestSeconds;
  const need = Math.max(wanted, Math.ceil((waiting * seconds) / (concurrency * DRAIN_SECONDS)));
  return { need, why: `${jobs}; ${need} process(es) do them in ${DRAIN_SECONDS} s` };
}
