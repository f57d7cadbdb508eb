import type { Schemas } from '@pandect/client';

type Unit = Schemas['ConsoleUnit'];
export type UnitOrder = 'name' | 'requests' | 'errors' | 'p95' | 'memory' | 'waiting';

const figures: Record<Exclude<UnitOrder, 'name'>, (unit: Unit) => number | null> = {
  requests: ({ requestsPerSecond }) => requestsPerSecond,
  errors: ({ errorRatio }) => errorRatio,
  p95: ({ p95Ms }) => p95Ms,
  memory: ({ memoryBytes }) => memoryBytes,
  waiting: ({ oldestSeconds }) => oldestSeconds,
};

export const unitOrders: readonly UnitOrder[] = ['name', ...(Object.keys(figures) as Exclude<UnitOrder, 'name'>[])];

/** The largest figure first, what has none last; alike ones by their names. */
export function sortUnits(units: readonly Unit[], order: UnitOrder): Unit[] {
  const figure = order === 'name' ? () => 0 : (unit: Unit) => figures[order](unit) ?? -1;
  return units.toSorted((a, b) => figure(b) - figure(a) || a.name.localeCompare(b.name));
}
