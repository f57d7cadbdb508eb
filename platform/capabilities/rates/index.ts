export { createLocalBucket, type LocalBucket } from './local-bucket.ts';
export { createPause } from './pause.ts';
export { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
export { type Counted, perMinute, perSecond, type RateDecision, type RatePolicy, windowOf } from './rate-policy.ts';
export { sweepBuckets } from './stored-buckets.ts';
