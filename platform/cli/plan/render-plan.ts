import { styleText } from 'node:util';
import type { Plan } from '../../planner/make-plan.ts';
import type { QueuePlan } from '../../planner/plan-queues.ts';
import type { RunsOut } from '../../planner/runs-out.ts';
import { table } from '../output.ts';
import { seconds } from '../quantities.ts';
import { renderCosts } from './render-costs.ts';
import { rounded, share } from './words.ts';

const BAR_CELLS = 30;

/** A plan as a report for a terminal, 120 columns wide. */
export function renderPlan(plan: Plan): string {
  const { name, cores, memoryGb, diskGb } = plan.host;
  const host = `Plan for ${name}: ${rounded(cores)} cores, ${rounded(memoryGb)} GB of memory, ${rounded(diskGb)} GB of disk`;
  const parts = [host, warnings(plan), chart(plan), work(plan), queues(plan.queues), units(plan), sizes(plan)];
  return [...parts, processes(plan), renderCosts(plan)].filter((part) => part !== '').join('\n\n');
}

const heading = (text: string): string => styleText('bold', text);
const tones = { error: 'red', warning: 'yellow', note: 'dim' } as const;

const warnings = ({ warnings: found }: Plan): string =>
  found.map(({ severity, message }) => `${styleText(tones[severity], severity)}: ${message}`).join('\n');

/** How full each resource is, the one that runs out first above the others. */
function chart({ runsOut, growthPerMonth }: Plan): string {
  const width = Math.max(...runsOut.map(({ resource }) => resource.length));
  const rows = runsOut.map((use) => `${use.resource.padEnd(width)}  ${bar(use.share)}  ${whenOver(use)}`);
  return [heading(`What runs out, first to last, at ${share(growthPerMonth)} more load each month`), ...rows].join(
    '\n',
  );
}

function bar(used: number): string {
  const filled = Math.min(BAR_CELLS, Math.ceil(used * BAR_CELLS));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${`${Math.round(Math.min(used, 9.99) * 100)} %`.padStart(5)}`;
}

function whenOver({ used, most, months, atLoad }: RunsOut): string {
  const of = `${rounded(used)} of ${rounded(most)}`;
  if (months === 0) return `${of}: too much now`;
  const load = atLoad === null || atLoad === 0 ? '' : `, at ${rounded(atLoad)} times the load`;
  return months === null
    ? `${of}: not within five years${load}`
    : `${of}: in ${months} ${months === 1 ? 'month' : 'months'}${load}`;
}

function work({ loads }: Plan): string {
  const rows = loads
    .filter(({ requestsPerDay }) => requestsPerDay > 0)
    .map((load) => [
      ...[load.work, rounded(load.requestsPerDay), rounded(load.requestsPerHour)],
      ...[rounded(load.callsPerHour), seconds(load.seconds)],
    ]);
  return rows.length === 0 ? '' : table(['WORK', 'A DAY', 'BUSIEST HOUR', 'NOT CACHED', 'TIME OF ONE'], rows);
}

function queues(all: readonly QueuePlan[]): string {
  if (all.length === 0) return '';
  const header = ['QUEUE', 'SLOTS', 'BUSY', 'MOST AN HOUR', 'WAIT', 'MEAN WAIT', 'IN LINE', 'TOO LONG', 'SLOTS WANTED'];
  const rows = all.map((queue) => [
    ...[queue.work, `${queue.slots} (${queue.slotsOf})`, share(queue.utilization), rounded(queue.capacityPerHour)],
    ...(queue.isStable
      ? [share(queue.waitProbability ?? 0), seconds(queue.meanWaitSeconds ?? 0), rounded(queue.meanWaiting ?? 0)]
      : ['all', 'for ever', 'ever more']),
    ...[`${share(queue.shareAbove)} > ${seconds(queue.waitSeconds)}`, queue.slotsWanted ?? '> 100,000'],
  ]);
  return table(header, rows);
}

function units({ units: all }: Plan): string {
  const rows = all
    .filter(({ isLoaded, instances, allowed }) => isLoaded || instances > 1 || allowed > 1)
    .map((each) => [
      ...[each.unit, each.instances, each.allowed, rounded(each.inFlight), each.concurrency, each.decidedBy],
      `${Math.round(each.capMiB)} MiB`,
    ]);
  if (rows.length === 0) return '';
  return table(['UNIT', 'PROCESSES', 'ALLOWED', 'IN FLIGHT', 'EACH TAKES', 'DECIDED BY', 'REPLACED ABOVE'], rows);
}

function sizes({ memory, limits, swapGb, connections, disk, loads, broadcastSeconds }: Plan): string {
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
  return rows.map(([name = '', text = '']) => `${name.padEnd(11)}  ${text}`).join('\n');
}

function processes({ processes: sums }: Plan): string {
  if (sums === null) return '';
  const lines = [
    `Limits of the processes that are described: ${rounded(sums.limitsMb)} MB`,
    `With the system: ${rounded(sums.withSystemMb)} MB, ${share(sums.withSystemShare)} of ${rounded(sums.hostMb)} MB`,
  ];
  if (sums.withUsersMb && sums.withUsersShare) {
    const { least, most } = sums.withUsersMb;
    const shares = `${share(sums.withUsersShare.least)} to ${share(sums.withUsersShare.most)}`;
    lines.push(`With memory for each user on top, as described: ${rounded(least)} to ${rounded(most)} MB, ${shares}`);
  }
  return lines.join('\n');
}
