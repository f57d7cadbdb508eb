import type { PlanInput } from './input/schema.ts';

/** What the processes of a description add up to on its host. */
export interface ProcessSums {
  limitsMb: number;
  withSystemMb: number;
  withSystemShare: number;
  /** With memory "for each user" on top, as descriptions have it; null where none is named. */
  withUsersMb: { least: number; most: number } | null;
  withUsersShare: { least: number; most: number } | null;
  hostMb: number;
  /** Of all pools. */
  connections: number;
  /** Processes that work at the same time, with what each takes. */
  parallel: { name: string; count: number; concurrency: number }[];
}

const GIB_MB = 1024;

/** Null without a host or without processes. */
export function sumProcesses(input: PlanInput): ProcessSums | null {
  const { processes, host, megabytesPerUser, users, systemMegabytes } = input;
  if (processes.length === 0 || host === undefined) return null;
  const hostMb = host.memoryGb * GIB_MB;
  const limitsMb = processes.reduce((sum, { count, memoryMegabytes }) => sum + count * memoryMegabytes, 0);
  const withSystemMb = limitsMb + systemMegabytes;
  const withUsers = (each: number) => withSystemMb + users * each;
  const withUsersMb = megabytesPerUser && {
    least: withUsers(megabytesPerUser.least),
    most: withUsers(megabytesPerUser.most),
  };
  return {
    ...{ limitsMb, withSystemMb, withSystemShare: withSystemMb / hostMb, hostMb },
    withUsersMb: withUsersMb ?? null,
    withUsersShare: withUsersMb ? { least: withUsersMb.least / hostMb, most: withUsersMb.most / hostMb } : null,
    connections: processes.reduce((sum, { count, pool }) => sum + count * pool, 0),
    parallel: processes.map(({ name, count, concurrency }) => ({ name, count, concurrency })),
  };
}
