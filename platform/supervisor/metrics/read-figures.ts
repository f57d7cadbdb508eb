import { askInstance } from '../process/probe.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole } from '../units/state.ts';
import type { Counters } from './counters.ts';
import type { EdgeAnswers } from './edge-answers.ts';
import { writeFamilies } from './family.ts';
import type { Source } from './source.ts';
import { unitFamilies } from './sources/unit-figures.ts';

export interface FiguresParts {
  units: { readonly all: readonly ManagedUnit[] };
  counters: Counters;
  edgeAnswers: EdgeAnswers;
  /** What is read of everything else. */
  sources: readonly Source[];
}

/** The figures of all processes of these units, of what they stand on, and the supervisor's own, as one Prometheus text. */
export async function readFigures({ units, counters, edgeAnswers, sources }: FiguresParts): Promise<string> {
  const all = units.all;
  const instances = all.flatMap(({ state }) => byRole(state).flatMap(({ processes }) => processes.instances));
  const sockets = new Map(instances.map(({ id, socket }) => [id, socket]));
  const ask = (id: string) => askInstance(sockets.get(id) as string, '/_pandect/metrics');
  const [edge, ...read] = await Promise.all([edgeFigures(all, edgeAnswers), ...sources.map((source) => source.read())]);
  return counters.expose(
    [...sockets.keys()],
    ask,
    [writeFamilies([...unitFamilies(all), ...read.flat()]), edge].join('\n'),
  );
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
