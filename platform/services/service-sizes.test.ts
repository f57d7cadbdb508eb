import { expect, it } from 'vitest';
import { serviceSizes } from './service-sizes.ts';

const GIB = 1024 ** 3;

it.each([
  [1, '64MB', '512MB', '64MB', 64],
  [3, '64MB', '512MB', '64MB', 64],
  [16, '256MB', '2048MB', '64MB', 256],
  [32, '512MB', '4096MB', '128MB', 512],
  [512, '1024MB', '16384MB', '512MB', 1024],
])('gives a host of %i GiB its share', (gibibytes, buffers, cache, maintenance, redis) => {
  expect(serviceSizes(gibibytes * GIB)).toEqual({
    postgres: { shared_buffers: buffers, effective_cache_size: cache, maintenance_work_mem: maintenance },
    redisMegabytes: redis,
  });
});
