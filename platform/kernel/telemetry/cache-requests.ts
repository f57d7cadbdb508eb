import type { Metrics } from './metrics.ts';

const cacheRequests = {
  name: 'pandect_cache_requests_total',
  description: 'Answers looked for in a cache, and whether one was there',
};

/** @param cache `answers` of questions, or `gateway` */
export const countCacheRequest = (
  metrics: Pick<Metrics, 'count'>,
  cache: 'answers' | 'gateway',
  result: 'hit' | 'miss',
): void => metrics.count(cacheRequests, { cache, result });
