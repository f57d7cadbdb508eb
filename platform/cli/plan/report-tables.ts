import type { Plan } from '../../planner/make-plan.ts';
import type { RunsOut } from '../../planner/runs-out.ts';
import { seconds } from '../quantities.ts';
import { rounded, share } from './words.ts';

/** A part of a plan in words, for a terminal or a page. */
export interface ReportTable {
  title: string;
  header: string[];
  rows: (string | number)[][];
}

/** Undefined where there is nothing to tell, as of all of them. */
export function workTable({ loads }: Plan): ReportTable | undefined {
  const rows = loads
    .filter(({ requestsPerDay }) => requestsPerDay > 0)
    .map((load) => [
      ...[load.work, rounded(load.requestsPerDay), rounded(load.requestsPerHour)],
      ...[rounded(load.callsPerHour), seconds(load.seconds)],
    ]);
  return filled({ title: 'Work', header: ['WORK', 'A DAY', 'BUSIEST HOUR', 'NOT CACHED', 'TIME OF ONE'], rows });
}

export function queuesTable({ queues }: Plan): ReportTable | undefined {
  const rows = queues.map((queue) => [
    ...[queue.work, `${queue.slots} (${queue.slotsOf})`, share(queue.utilization), rounded(queue.capacityPerHour)],
    ...(queue.isStable
      ? [share(queue.waitProbability ?? 0), seconds(queue.meanWaitSeconds ?? 0), rounded(queue.meanWaiting ?? 0)]
      : ['all', 'for ever', 'ever more']),
    ...[`${share(queue.shareAbove)} > ${seconds(queue.waitSeconds)}`, queue.slotsWanted ?? '> 100,000'],
  ]);
  const header = ['QUEUE', 'SLOTS', 'BUSY', 'MOST AN HOUR', 'WAIT', 'MEAN WAIT', 'IN LINE', 'TOO LONG', 'SLOTS WANTED'];
  return filled({ title: 'Queues', header, rows });
}

export function unitsTable({ units }: Plan): ReportTable | undefined {
  const rows = units
    .filter(({ isLoaded, instances, allowed }) => isLoaded || instances > 1 || allowed > 1)
    .map((each) => [
      ...[each.unit, each.instances, each.allowed, rounded(each.inFlight), each.concurrency, each.decidedBy],
      `${Math.round(each.capMiB)} MiB`,
    ]);
  const header = ['UNIT', 'PROCESSES', 'ALLOWED', 'IN FLIGHT', 'EACH TAKES', 'DECIDED BY', 'REPLACED ABOVE'];
  return filled({ title: 'Processes', header, rows });
}

const filled = (table: ReportTable): ReportTable | undefined => (table.rows.length === 0 ? undefined : table);

/** `14 of 12: too much now`. */
export function whenOver({ used, most, months, atLoad }: RunsOut): string {
  const of = `${rounded(used)} of ${rounded(most)}`;
  if (months === 0) return `${of}: too much now`;
  const load = atLoad === null || atLoad === 0 ? '' : `, at ${rounded(atLoad)} times the load`;
  return months === null
    ? `${of}: not within five years${load}`
    : `${of}: in ${months} ${months === 1 ? 'month' : 'months'}${load}`;
}

/** What is needed of each resource, a name and a sentence each; a name that is empty continues the one before. */
export function sizesOf({ memory, limits, swapGb, connections, disk, loads, broadcastSeconds }: Plan): string[][] {
  const mib = (value: number) => `${Math.round(value)} MiB`;
  const parts = memory.parts.filter((part) => part.mib >= 1).map((part) => `${part.name} ${mib(part.mib)}`);
  const files = disk.parts.filter(({ gib }) => gib >= 0.05).map(({ name, gib }) => `${name} ${gib.toFixed(1)} GiB`);
  const containers = limits.services.map((service) => `${service.service} ${mib(service.mib)}`);
  const rows = [
    ['Memory', `${mib(memory.totalMiB)}: ${parts.join(', ')}`],
    [
      '',
      `${mib(memory.idleMiB)} while nothing is asked; ${mib(memory.atLimitsMiB)} if all processes took their limits`,
    ],
    ['Containers', `${mib(limits.totalMiB)}: ${containers.join(', ')}`],
    ['Swap', swapGb.most === 0 ? 'none' : `${swapGb.least} to ${swapGb.most} GB`],
    ['Disk', `${disk.totalGiB.toFixed(1)} GiB: ${files.join(', ')}; ${disk.growthGiB.toFixed(1)} GiB more each month`],
    [
      'Connections',
      `${connections.wanted} of ${connections.accepted}, at least ${connections.least}, ${connections.atRedeploy} while all is replaced; DATABASE_CONNECTIONS ${connections.setting}`,
    ],
  ];
  if (loads.some(({ work, requestsPerDay }) => work === 'readings' && requestsPerDay > 0))
    rows.push(['Broadcast', `${seconds(broadcastSeconds)} for a message of a bot to every user`]);
  return rows;
}

/** Sums of the processes that a description names. */
export function processLines({ processes: sums }: Plan): string[] {
  if (sums === null) return [];
  const lines = [
    `Limits of the processes that are described: ${rounded(sums.limitsMb)} MB`,
    `With the system: ${rounded(sums.withSystemMb)} MB, ${share(sums.withSystemShare)} of ${rounded(sums.hostMb)} MB`,
  ];
  if (sums.withUsersMb && sums.withUsersShare) {
    const { least, most } = sums.withUsersMb;
    const shares = `${share(sums.withUsersShare.least)} to ${share(sums.withUsersShare.most)}`;
    lines.push(`With memory for each user on top, as described: ${rounded(least)} to ${rounded(most)} MB, ${shares}`);
  }
  return lines;
}
