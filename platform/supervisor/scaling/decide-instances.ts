import type { FunctionManifest } from '../../kernel/manifest.ts';
import type { ConnectionRoom } from '../database-connections.ts';
import { bound } from './bound.ts';
import type { HostMemory } from './host-memory.ts';
import { type Decision, type Need, type ScalingState, settle } from './stable-window.ts';

/** A function at one moment, over all its processes; taken about once a second. */
export interface FunctionSample {
  /** Milliseconds of any clock that only goes forward. */
  at: number;
  /** Processes that serve or start. */
  instances: number;
  /** Requests in flight, those that are held for a process that wakes included. */
  inFlight: number;
  /** Requests begun, and refused because a process was full, since the sample before. */
  begun: number;
  refused: number;
  /** Processors that the event loops of all of them kept busy since the sample before. */
  busy: number;
  host: HostMemory;
  connections?: ConnectionRoom | undefined;
}

export interface FunctionRules {
  manifest: Pick<FunctionManifest, 'instances' | 'concurrency' | 'memory'>;
  cores: number;
  /** The number that the operator set. */
  fixed?: number | undefined;
}

interface LoadNeed extends Need {
  load: number;
  busy: number;
}
export type FunctionScaling = ScalingState<LoadNeed>;

/** The share of its concurrency, and of a processor, that a process is meant to carry, so that there is room while more are started. */
const UTILIZATION = 0.7;
/** Only when fewer would carry less than this each do the others go, lest they be started again soon. */
const CALM_UTILIZATION = 0.6;
const MEAN_MS = 3_000;
const STABLE_MS = 60_000;

/**
 * How many processes an awake function needs: one at least, since only sleep takes the last. More when the mean
 * of the last three seconds asks for it, by requests in flight or by event loops that are busy, or at once when not even full
 * processes could take what is there; fewer when for a whole minute fewer would have done with room to spare. Busy loops ask
 * for no more processes than there are cores.
 */
export function decideInstances(
  state: FunctionScaling,
  sample: FunctionSample,
  { manifest, cores, fixed }: FunctionRules,
): Decision<LoadNeed> {
  const { concurrency, instances, memory } = manifest;
  const { at, busy } = sample;
  const load = sample.inFlight + refusedLoad(sample, concurrency);
  const recent = [...state.recent.filter((past) => past.at > at - MEAN_MS), { load, busy }];
  const meanOf = (figure: 'load' | 'busy') => recent.reduce((sum, past) => sum + past[figure], 0) / recent.length;
  const [mean, meanBusy] = [meanOf('load'), meanOf('busy')];
  const processes = (utilization: number) =>
    Math.max(Math.ceil(mean / (concurrency * utilization)), Math.min(cores, Math.ceil(meanBusy / utilization)));
  const up = Math.max(1, processes(UTILIZATION), Math.ceil(load / concurrency));
  const keep = Math.max(up, processes(CALM_UTILIZATION));
  const asked = settle(state, { at, load, busy, up, keep }, STABLE_MS);
  const why =
    asked.wanted < state.wanted
      ? `not more than ${asked.wanted} were needed for ${STABLE_MS / 1000} s`
      : `${Math.round(load)} requests, ${Math.round(mean)} in the mean; ${concurrency} fill a process${describeBusy(meanBusy)}`;
  return bound(asked, why, {
    min: Math.max(1, instances.min),
    max: instances.max,
    maxIs: 'the most that its manifest allows',
    fixed,
    instances: sample.instances,
    memory,
    host: sample.host,
    connections: sample.connections,
  });
}

const describeBusy = (busy: number): string =>
  busy < 0.1 ? '' : `; ${Math.round(100 * busy)} % of a processor is used`;

/**
 * How many more would have been in flight had none been refused. Refusals say that the processes were full at some time
 * since the last sample, though they may not be at this moment; as much larger as the crowd before the door was than
 * what came in, as much more room it needs. One refused request takes no more than one place.
 */
function refusedLoad({ instances, inFlight, begun, refused }: FunctionSample, concurrency: number): number {
  if (refused === 0) return 0;
  const full = Math.max(inFlight, instances * concurrency);
  return full - inFlight + Math.min(refused, (full * refused) / Math.max(1, begun));
}
