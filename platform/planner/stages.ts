import type { Unit } from '../supervisor/unit.ts';
import type { Hired, PlanInput } from './input/schema.ts';
import { busyCores, type Load, loadsOf, type Work } from './loads.ts';
import { monthOfAll, perEach, type VariableCost, variableCost } from './money.ts';
import { type Host, type Resource, ROOM, type Use, usesOf } from './runs-out.ts';
import { type Sales, salesOf } from './sales.ts';

/** From the smallest host to several, in order; the last takes any load. */
export interface Step {
  name: string;
  host: Host;
  swapGb: { least: number; most: number };
  advice: string;
}

const steps: Step[] = [
  {
    name: '3 GB',
    host: { cores: 3, memoryGb: 3, diskGb: 40 },
    swapGb: { least: 2, most: 4 },
    advice: 'one process of each worker',
  },
  {
    name: '6 GB',
    host: { cores: 3, memoryGb: 6, diskGb: 60 },
    swapGb: { least: 2, most: 4 },
    advice: 'a second process of the worker that has most to do',
  },
  {
    name: '8 GB',
    host: { cores: 4, memoryGb: 8, diskGb: 80 },
    swapGb: { least: 2, most: 2 },
    advice: '4 to 6 cores; processes by load',
  },
  {
    name: '16 GB',
    host: { cores: 4, memoryGb: 16, diskGb: 100 },
    swapGb: { least: 0, most: 2 },
    advice: 'the least for many organizations with documents',
  },
  {
    name: '32 GB',
    host: { cores: 8, memoryGb: 32, diskGb: 200 },
    swapGb: { least: 0, most: 2 },
    advice: 'recommended for 100 to 500 organizations',
  },
];

const node = { cores: 4, memoryGb: 8, diskGb: 60 };
const LEAST_NODES = 3;
const BALANCERS = 2;

/** One stage with its cost; `each` are of one request, null where there is none of its kind. */
export interface StagePlan {
  name: string;
  machines: Hired[];
  advice: string;
  fits: boolean;
  /** What would be used up. */
  lacks: Resource[];
  isChosen: boolean;
  /** A month; null without prices of machines. */
  cost: {
    fixed: number;
    variable: number;
    total: number;
    perRequest: number | null;
    perUser: number | null;
    perOrganization: number | null;
    each: { work: Work; price: number }[];
    /** Null where no packs are sold. */
    sales: Sales | null;
  } | null;
}

/** Swap for a host: small hosts need it for moments in which several processes are replaced. */
export const swapFor = (memoryGb: number): Step['swapGb'] =>
  (steps.find(({ host }) => memoryGb <= host.memoryGb) ?? { swapGb: { least: 0, most: 2 } }).swapGb;

export function planStages(input: PlanInput, units: readonly Unit[]): StagePlan[] {
  const loads = loadsOf(input);
  const variable = variableCost(input, loads, input.prices);
  const single = steps.map(({ name, host, advice }) => {
    const machines = [machine('server', 1, host, true)];
    return { name, advice, machines, lacks: lacksOf(usesOf(input, units, host)) };
  });
  const all = [...single, cluster(input, loads, units)];
  const chosen = all.find(({ lacks }) => lacks.length === 0);
  return all.map((each) => ({
    ...each,
    ...{ fits: each.lacks.length === 0, isChosen: each === chosen },
    cost: costOf(each.machines, each.name === CLUSTER, input, variable),
  }));
}

/** The host that a plan is about: the operator's, or that of the first stage that suffices. */
export function hostOf(input: PlanInput, stages: readonly StagePlan[]): { host: Host; name: string } {
  if (input.host) return { host: input.host, name: 'your host' };
  const index = Math.min(
    stages.findIndex(({ isChosen }) => isChosen),
    steps.length - 1,
  );
  const step = steps[index] ?? steps.at(-1);
  if (step === undefined) throw new Error('Plan: there is no stage');
  return { host: step.host, name: step.name };
}

/** What a host lacks. Slots of a provider are lacking on every host. */
export const lacksOf = (uses: readonly Use[]): Resource[] =>
  uses.flatMap(({ resource, used, most }) => (used > most && !resource.startsWith('slots') ? [resource] : []));

const CLUSTER = 'several hosts';

/** Nodes for functions and workers, and a database, cache, monitoring and balancers of their own. */
function cluster(input: PlanInput, loads: readonly Load[], units: readonly Unit[]) {
  const [memory] = usesOf(input, units, node);
  const nodes = Math.max(
    LEAST_NODES,
    Math.ceil((memory?.used ?? 0) / (ROOM.memory * node.memoryGb)),
    Math.ceil(busyCores(loads) / (ROOM.processor * node.cores)),
  );
  const machines = [
    machine('node', nodes, node, true),
    machine('database', 2, { cores: 4, memoryGb: 16, diskGb: 200 }),
    machine('cache', 2, { cores: 1, memoryGb: 4, diskGb: 0 }),
    machine('monitoring', 1, { cores: 2, memoryGb: 8, diskGb: 40 }, true),
  ];
  return { name: CLUSTER, advice: 'pandect export kubernetes, with storage on S3', machines, lacks: [] as Resource[] };
}

const machine = (name: string, count: number, host: Host, isPublic = false): Hired => ({
  ...{ name, count, price: undefined, isPublic },
  ...host,
});

function costOf(
  machines: readonly Hired[],
  isCluster: boolean,
  input: PlanInput,
  variable: VariableCost,
): StagePlan['cost'] {
  const hired = monthOfAll(machines, input.prices);
  if (hired === null) return null;
  const fixed = hired + (isCluster ? BALANCERS * input.prices.balancer : 0);
  const requests = variable.byWork.reduce((sum, each) => sum + each.requests, 0);
  const total = fixed + variable.total;
  const overhead = perEach(fixed + variable.storage + variable.egress + variable.backup, requests);
  return {
    ...{ fixed, variable: variable.total, total, perRequest: perEach(total, requests) },
    ...{ perUser: perEach(total, input.users), perOrganization: perEach(total, input.organizations) },
    each: variable.byWork.flatMap(({ work, month, requests: count }) => {
      const own = perEach(month, count);
      return own === null || overhead === null ? [] : [{ work, price: overhead + own }];
    }),
    sales: input.pack ? salesOf(soldMonth(input, variable, total), input.pack) : null,
  };
}

/** What a unit of a pack is; calls of the gateway are billed in another way. */
const sold: readonly Work[] = ['questions', 'readings', 'images'];

function soldMonth({ users }: PlanInput, { byWork }: VariableCost, total: number) {
  const units = byWork.filter(({ work }) => sold.includes(work));
  const asked = units.reduce((sum, { requests }) => sum + requests, 0);
  const models = units.reduce((sum, { month }) => sum + month, 0);
  return { users, asked, each: perEach(models, asked) ?? 0, fixed: total - models, total };
}
