/** How many processes the load of one moment asked for. */
export interface Need {
  /** Milliseconds of any clock that only goes forward. */
  at: number;
  /** At least these. */
  up: number;
  /** Of those that run, these are not to go; never less than `up`. Where it is more, a load on the brink changes nothing. */
  keep: number;
}

/** What a decision has to remember; plain data, to be passed on to the next. */
export interface ScalingState<N extends Need = Need> {
  wanted: number;
  /** The needs of the stable window, oldest first. */
  recent: readonly N[];
}

export interface Decision<N extends Need = Need> {
  state: ScalingState<N>;
  /** How many processes there should be. */
  wanted: number;
  /** The load or the operator asks for more than is allowed. */
  held: boolean;
  /** In words, for the log and the operator. */
  reason: string;
}

/** Before the first sample. @param wanted the processes that run */
export const startScaling = (wanted: number): ScalingState<never> => ({ wanted, recent: [] });

/** Nothing is known of a longer time without samples: the supervisor stood still, or the function slept. */
const GAP_MS = 10_000;

/**
 * Up at once, down slowly: to the most that the window would have kept, and only when the whole window has been seen.
 * So a rise is undone after a quiet window at the earliest, and a load that goes up and down within one changes nothing.
 */
export function settle<N extends Need>(state: ScalingState<N>, now: N, windowMs: number): ScalingState<N> {
  const last = state.recent.at(-1);
  const known = last && now.at - last.at <= GAP_MS ? [...state.recent, now] : [now];
  const begin = now.at - windowMs;
  // The last one from before the window stays, since it shows that the window was seen from its beginning.
  const recent = known.slice(
    Math.max(
      0,
      known.findLastIndex(({ at }) => at <= begin),
    ),
  );
  const wasSeen = (recent[0] as N).at <= begin;
  const highest = Math.max(...recent.map(({ keep }) => keep));
  const enough = wasSeen ? Math.min(state.wanted, highest) : state.wanted;
  return { wanted: Math.max(now.up, enough), recent };
}
