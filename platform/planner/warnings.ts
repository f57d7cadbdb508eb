import type { Unit } from '../supervisor/unit.ts';
import type { ProcessSums } from './check-processes.ts';
import type { PlanInput } from './input/schema.ts';
import { type Load, workUnits } from './loads.ts';
import type { OwnStage } from './own-stages.ts';
import type { ConnectionsPlan } from './plan-connections.ts';
import type { DiskPlan } from './plan-disk.ts';
import type { LimitsPlan } from './plan-limits.ts';
import type { MemoryPlan } from './plan-memory.ts';
import { containerMiB } from './plan-memory.ts';
import type { QueuePlan } from './plan-queues.ts';
import type { UnitPlan } from './plan-units.ts';
import { ROOM } from './runs-out.ts';
import { swapFor } from './stages.ts';

/** `error`: it cannot work as it is; `warning`: it works until something happens; `note`: good to know. */
export interface Warning {
  severity: 'error' | 'warning' | 'note';
  code: string;
  message: string;
}

export interface Judged {
  input: PlanInput;
  units: readonly Unit[];
  loads: readonly Load[];
  plans: readonly UnitPlan[];
  queues: readonly QueuePlan[];
  memory: MemoryPlan;
  disk: DiskPlan;
  connections: ConnectionsPlan;
  limits: LimitsPlan;
  sums: ProcessSums | null;
  ownStages: readonly OwnStage[];
  host: { name: string; memoryGb: number };
}

const GIB_MIB = 1024;
const KEPT_BACK = 3;
const REDIS_SHARE = 0.75;
const MANY_PICTURES_GIB = 100;

const error = (code: string, message: string): Warning => ({ severity: 'error', code, message });
const warning = (code: string, message: string): Warning => ({ severity: 'warning', code, message });
const note = (code: string, message: string): Warning => ({ severity: 'note', code, message });

/** Settings that cannot work or do not mean what they seem to, errors first. */
export function findWarnings(judged: Judged): Warning[] {
  const found = [
    ...ofRedis(judged),
    ...ofProcesses(judged),
    ...ofQueues(judged),
    ...ofUnits(judged),
    ...ofConnections(judged),
    ...ofHost(judged),
    ...ofPacks(judged),
  ];
  const order = ['error', 'warning', 'note'];
  return found.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function ofRedis({ input: { redis } }: Judged): Warning[] {
  if (redis === undefined) return [];
  const found: Warning[] = [];
  const { maxmemoryMegabytes: maxmemory, limitMegabytes: limit, policy, holdsJobs } = redis;
  if (limit !== undefined && maxmemory > REDIS_SHARE * limit) {
    const most = REDIS_SHARE * limit;
    const message = `Redis: maxmemory ${mb(maxmemory)} is above ${mb(most)}, three quarters of its limit of ${mb(limit)}: the kernel ends it before it removes a key. Set maxmemory to ${mb(most)} or less.`;
    found.push(error('redis-memory', message));
  }
  if (holdsJobs && policy !== 'noeviction') {
    const part = policy.startsWith('allkeys') ? 'jobs' : 'keys with an expiry';
    const message = `Redis: ${policy} removes ${part} when memory is short. A queue needs noeviction; jobs of the platform are in PostgreSQL.`;
    found.push(
      policy.startsWith('allkeys') ? error('redis-evicts-jobs', message) : warning('redis-evicts-jobs', message),
    );
  }
  return found;
}

function ofProcesses({ input, sums, units, loads }: Judged): Warning[] {
  const found: Warning[] = [];
  for (const { name, count, concurrency, maxJobs } of input.processes) {
    if (maxJobs === undefined || maxJobs <= concurrency) continue;
    const message = `${name}: max-jobs ${maxJobs} is the number of jobs after which a process ends, not how many it works on: ${count} × ${concurrency} work at the same time.`;
    found.push(warning('max-jobs', message));
  }
  found.push(...ofPlatformContainer(input, units, loads));
  if (sums === null) return found;
  if (sums.withSystemMb > sums.hostMb) {
    const message = `Limits of ${mb(sums.limitsMb)} and ${mb(input.systemMegabytes)} of the system are ${mb(sums.withSystemMb)}, over the ${mb(sums.hostMb)} of the host.`;
    found.push(error('limits-over-host', message));
  }
  if (sums.withUsersMb && sums.withUsersShare) {
    const range = `${mb(sums.withUsersMb.least)} to ${mb(sums.withUsersMb.most)}`;
    const message = `Memory for each user counts twice: users are served inside the limits, which with the system are ${mb(sums.withSystemMb)} (${percent(sums.withSystemShare)}), not ${range}. If users needed more, the limits would end the processes first.`;
    found.push(warning('users-count-twice', message));
  }
  const accepted = input.database.maxConnections;
  const count = input.processes.reduce((sum, { count, pool }) => sum + (pool > 0 ? count : 0), 0);
  const most = Math.floor((ROOM.connections * (accepted ?? 0)) / Math.max(1, count));
  if (accepted !== undefined && sums.connections > accepted - KEPT_BACK) {
    const message = `Pools count for each process: all together may open ${sums.connections} connections, over the ${accepted - KEPT_BACK} that the database leaves them. Give each process ${most} at most.`;
    found.push(error('connections', message));
  } else if (accepted !== undefined && sums.connections > ROOM.connections * accepted) {
    const message = `Pools may open ${sums.connections} of ${accepted} connections, over 80 %.`;
    found.push(warning('connections', message));
  }
  return found;
}

/** A limit that a description gives the platform's own container. */
function ofPlatformContainer(input: PlanInput, units: readonly Unit[], loads: readonly Load[]): Warning[] {
  const container = input.processes.find(({ name }) => name === 'pandect');
  if (container === undefined) return [];
  const requests = loads.reduce((sum, { callsPerHour, seconds }) => sum + (callsPerHour * seconds) / 3_600, 0);
  const needed = containerMiB(units, requests);
  if (needed <= container.memoryMegabytes) return [];
  const to = Math.ceil(needed / GIB_MIB);
  const lower = lowerConcurrency(units, container.memoryMegabytes, requests);
  const other = lower === undefined ? '' : `, or lower the concurrency of ${lower.unit} to ${lower.concurrency}`;
  const message = `pandect: functions, workers at their limits and parsers need ${mb(needed)}, over its limit of ${mb(container.memoryMegabytes)}. Raise it to ${to} GiB${other}.`;
  return [error('container-memory', message)];
}

/** The highest concurrency of the worker that starts a child for each job at which a limit holds. */
function lowerConcurrency(
  units: readonly Unit[],
  limitMiB: number,
  requests: number,
): { unit: string; concurrency: number } | undefined {
  const worker = units.find(({ name }) => name === workUnits.documents.unit);
  if (worker?.kind !== 'worker') return undefined;
  for (let concurrency = worker.manifest.concurrency - 1; concurrency >= 1; concurrency--) {
    const lowered = { ...worker, manifest: { ...worker.manifest, concurrency } };
    const others = units.filter((unit) => unit !== worker);
    if (containerMiB([...others, lowered], requests) <= limitMiB) return { unit: worker.name, concurrency };
  }
  return undefined;
}

function ofQueues({ queues, units, disk }: Judged): Warning[] {
  const found: Warning[] = [];
  for (const queue of queues) {
    const { work, slots, seconds, perHour, slotsWanted } = queue;
    const enough =
      slotsWanted === null ? 'More than 100,000 slots would be needed.' : `${slotsWanted} slots are enough.`;
    if (!queue.isStable) {
      const message = `${work}: ${number(perHour)} an hour never catch up: ${slots} slots do ${number(queue.capacityPerHour)} an hour, sensibly ${number(queue.sensiblePerHour)}. ${enough}`;
      found.push(error('never-catches-up', message));
    } else if (queue.shareAbove > queue.waitShare) {
      const message = `${work}: ${percent(queue.shareAbove)} wait longer than ${number(queue.waitSeconds)} s, more than ${percent(queue.waitShare)}. ${enough}`;
      found.push(warning('long-waits', message));
    }
    if (queue.atOnce && queue.atOnce.lastSeconds > queue.waitSeconds + seconds) {
      const { people, lastSeconds, meanSeconds } = queue.atOnce;
      const message = `${work}: when ${people} people press at once, the last one is done after ${number(lastSeconds)} s, on average ${number(meanSeconds)} s. Show the place in the line.`;
      found.push(note('at-once', message));
    }
    const unit = units.find(({ name }) => name === workUnits[work].unit);
    if (unit && seconds > unit.manifest.timeout) {
      const message = `${work}: one takes ${number(seconds)} s, but "${unit.name}" may take ${unit.manifest.timeout} s at most.`;
      found.push(error('timeout', message));
    }
  }
  const pictures = disk.parts.find(({ name }) => name === 'pictures')?.gib ?? 0;
  if (pictures > MANY_PICTURES_GIB) {
    const message = `Pictures take ${pictures.toFixed(1)} GiB: keep them for fewer days, or on S3 with a rule that removes old ones.`;
    found.push(warning('pictures', message));
  }
  return found;
}

const ofUnits = ({ plans }: Judged): Warning[] =>
  plans.flatMap(({ unit, instances, allowed, decidedBy }) => {
    if (instances <= allowed) return [];
    const message = `${unit}: ${instances} processes are wanted (${decidedBy}), its manifest allows ${allowed}. Raise instances.max.`;
    return [warning('instances', message)];
  });

function ofConnections({ connections, input: { database } }: Judged): Warning[] {
  const { least, wanted, accepted, atRedeploy, processes, setting } = connections;
  const found: Warning[] = [];
  if (least > database.connections) {
    const message = `${processes} processes with a database need ${least} connections, over the ${database.connections} of DATABASE_CONNECTIONS: the platform does not start them. Set it to ${setting}.`;
    found.push(error('connections-setting', message));
  }
  if (database.maxConnections === undefined) return found;
  if (wanted > database.maxConnections - KEPT_BACK) {
    const message = `The platform may open ${wanted} connections, over the ${accepted - KEPT_BACK} that the database leaves it.`;
    found.push(error('connections', message));
  } else if (wanted > ROOM.connections * accepted) {
    found.push(warning('connections', `The platform may open ${wanted} of ${accepted} connections, over 80 %.`));
  } else if (atRedeploy > accepted - KEPT_BACK) {
    const message = `While all units are replaced at once, ${atRedeploy} connections may be open, over the ${accepted - KEPT_BACK} that the database leaves them. Deploy units one after the other.`;
    found.push(warning('connections-redeploy', message));
  }
  return found;
}

function ofHost({ input, memory, disk, limits, loads, host }: Judged): Warning[] {
  const found: Warning[] = [];
  if (memory.share > 1) {
    const message = `Memory: ${mb(memory.totalMiB)} are needed in the busiest hour, over the ${mb(memory.hostMiB)} of ${host.name}. Swap does not replace memory.`;
    found.push(error('memory', message));
  } else if (memory.share > ROOM.memory) {
    found.push(warning('memory', `Memory: ${percent(memory.share)} of ${host.name} in the busiest hour, over 85 %.`));
  }
  if (disk.share > 1) {
    const message = `Disk: ${disk.totalGiB.toFixed(1)} GiB are needed, over the ${number(disk.hostGiB)} of ${host.name}.`;
    found.push(error('disk', message));
  } else if (disk.share > ROOM.disk) {
    found.push(warning('disk', `Disk: ${percent(disk.share)} of ${host.name}, over 70 %.`));
  }
  const swap = swapFor(host.memoryGb);
  if (input.host?.swapGb !== undefined && input.host.swapGb < swap.least) {
    const message = `Swap: ${number(input.host.swapGb)} GB, less than the ${swap.least} GB that ${number(host.memoryGb)} GB of memory need.`;
    found.push(warning('swap', message));
  }
  if (!limits.fits) {
    const message = `Containers: limits of ${mb(limits.totalMiB)} are over the ${mb(limits.roomMiB)} that the system leaves; run it without containers, or on a larger host.`;
    found.push(note('container-limits', message));
  }
  if (loads.every(({ requestsPerDay }) => requestsPerDay === 0)) {
    found.push(note('no-load', 'Nothing is asked of the platform: name questions, images, readings or documents.'));
  }
  return found;
}

const mb = (value: number): string => `${Math.round(value)} MB`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const number = (value: number): string => String(Math.round(value * 100) / 100);

function ofPacks({ input: { pack }, ownStages }: Judged): Warning[] {
  if (pack === undefined) return [];
  return ownStages.flatMap(({ name, sales, cost, requestsPerDay }) => {
    if (sales === null || cost === null || sales.breakEvenPacks !== null || requestsPerDay === 0) return [];
    const costs = pack.units * sales.unitCost;
    const message = `${name}: a pack of ${pack.units} costs ${Number(costs.toFixed(2))} in models and brings ${pack.price}: each one that is sold loses.`;
    return [warning('pack-loses', message)];
  });
}
