import { totalmem } from 'node:os';

const MEBIBYTE = 1024 ** 2;

/** Memory that the platform's own servers may take. */
export interface ServiceSizes {
  /** Settings of PostgreSQL. */
  postgres: Record<string, string>;
  redisMegabytes: number;
}

/**
 * Sizes by what the host has, in bytes. A host of 3 GB gets the least that serves; 16 GB give PostgreSQL 256 MB of shared
 * buffers and Redis as much, 32 GB twice that. The rest is left to processes of functions and to the cache of the file system.
 */
export function serviceSizes(totalBytes = memoryBytes()): ServiceSizes {
  const share = (part: number, least: number, most: number) =>
    Math.round(Math.min(Math.max(totalBytes / MEBIBYTE / part, least), most));
  return {
    postgres: {
      shared_buffers: `${share(64, 64, 1024)}MB`,
      effective_cache_size: `${share(8, 512, 16_384)}MB`,
      maintenance_work_mem: `${share(256, 64, 512)}MB`,
    },
    redisMegabytes: share(64, 64, 1024),
  };
}

/** The host's memory, or the limit of the control group that this process is in. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
