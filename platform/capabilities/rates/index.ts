export { createRateLimiter, type RateDecision, type RateLimiter } from './rate-limiter.ts';
export { perMinute, perSecond, type RatePolicy, windowOf } from './rate-policy.ts';
