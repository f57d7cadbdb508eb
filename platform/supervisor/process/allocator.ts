/**
 * What glibc's allocator is told: to give back what is freed, and not to keep a pool for each thread. Otherwise a process
 * keeps for good what it needed while it started. Other allocators know none of these.
 */
export const allocatorVariables = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
