/** A token bucket: what a name, which is also in the `RateLimit-Policy` header, allows to each key. */
export interface RatePolicy {
  name: string;
  /** Requests a second that flow in. */
  rate: number;
  /** Requests at once. */
  burst: number;
}

/** A bucket that a request is counted by. */
export interface Counted {
  policy: RatePolicy;
  key: string;
}

export interface RateDecision {
  allowed: boolean;
  remaining: number;
  /** When the next request is allowed, at the latest; milliseconds since the epoch. */
  resetAt: number;
}

export const perSecond = (name: string, rate: number, burst: number): RatePolicy => ({ name, rate, burst });

/** A minute's requests may come at once. */
export const perMinute = (name: string, requests: number): RatePolicy => ({
  name,
  rate: requests / 60,
  burst: requests,
});

/** Seconds after which an empty bucket is full again. */
export const windowOf = ({ rate, burst }: RatePolicy): number => Math.ceil(burst / rate);
