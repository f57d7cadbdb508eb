/** Most jobs that one request names to be retried or discarded. */
export const MOST_NAMED_JOBS = 1_000;
