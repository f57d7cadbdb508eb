import type { Counters } from '../metrics/counters.ts';
import type { EdgeAnswers } from '../metrics/edge-answers.ts';
import { askInstance } from '../process/probe.ts';
import type { ManagedUnit } from './managed-unit.ts';
import { byRole, restartsOf } from './state.ts';

/** The figures of all processes of these units, and the supervisor's own, as one Prometheus text. */
export async function readFigures(
  units: readonly ManagedUnit[],
  counters: Counters,
  edgeAnswers: EdgeAnswers,
): Promise<string> {
  const instances = units.flatMap(({ state }) => byRole(state).flatMap(({ processes }) => processes.instances));
  const sockets = new Map(instances.map(({ id, socket }) => [id, socket]));
  const ask = (id: string) => askInstance(sockets.get(id) as string, '/_pandect/metrics');
  const own = [platformFigures(units), await edgeFigures(units, edgeAnswers)].join('\n');
  return counters.expose([...sockets.keys()], ask, own);
}

/** What the edge answered itself, as a Prometheus text. */
const edgeFigures = (units: readonly ManagedUnit[], edgeAnswers: EdgeAnswers): Promise<string> =>
  edgeAnswers.read(units.flatMap(({ unit: { kind, manifest } }) => (kind === 'function' ? manifest.mount : [])));

/** Often enough for a flood of errors to be counted before Caddy rolls their file twice. */
const EDGE_ANSWERS_MS = 10_000;

/** Has what the edge answers counted now and then, whether or not anyone reads it. */
export function countEdgeAnswers(units: { readonly all: readonly ManagedUnit[] }, edgeAnswers: EdgeAnswers) {
  const timer = setInterval(() => void edgeFigures(units.all, edgeAnswers), EDGE_ANSWERS_MS).unref();
  return { stop: () => clearInterval(timer) };
}

function platformFigures(units: readonly ManagedUnit[]): string {
  const lines = (name: string, type: string, help: string, value: (managed: ManagedUnit) => number) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...units.map((managed) => `${name}{unit="${managed.name}"} ${value(managed)}`),
  ];
  const ready = ({ state }: ManagedUnit) =>
    byRole(state).reduce((sum, { processes }) => sum + processes.ready.length, 0);
  const restarts = ({ state }: ManagedUnit) => restartsOf(state);
  const wakes = ({ activation }: ManagedUnit) => activation?.count() ?? 0;
  return [
    ...lines('pandect_instances', 'gauge', 'Processes that are ready', ready),
    ...lines('pandect_restarts_total', 'counter', 'Processes started again after one ended', restarts),
    ...lines('pandect_wakes_total', 'counter', 'Times a sleeping function was woken', wakes),
  ].join('\n');
}
