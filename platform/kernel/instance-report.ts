/** What a process tells the supervisor at `/_pandect/state`, as JSON. Counts are since its start. */
export interface InstanceReport {
  /** Requests (open streams and WebSockets included) or jobs under way. */
  inFlight: number;
  /** Requests or jobs begun. */
  begun: number;
  /** Answers with a status of 500 or more, refusals for overload left out; or jobs whose attempt failed. */
  failed: number;
  /** Requests refused because as many as the manifest allows were in flight. */
  refused: number;
  /** Milliseconds without anything in flight; 0 while something is. */
  idleMs: number;
  /**
   * Times to the beginning of the answer, or of whole jobs. Each is counted once, under the least bound in seconds that
   * it does not exceed; `counts` has one more, for times above all bounds.
   */
  durations: { bounds: readonly number[]; counts: readonly number[] };
  /**
   * Milliseconds since its start in which its event loop was busy, and in which it had a processor. A loop that waits for a processor is busy
   * as well. Releases from before this was counted do not tell.
   */
  loop?: { busyMs: number; processorMs: number };
  /** Milliseconds since the epoch at which the process began, had loaded its code, and listened. */
  started: { process: number; loaded: number; listening: number };
}
