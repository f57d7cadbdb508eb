import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { labelsOf, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { disruptionBudget } from './function-resources.ts';
import { podTemplate } from './pod.ts';

type WorkerUnit = Extract<Unit, { kind: 'worker' }>;

/** What runs a worker. It has no Service: it asks for its jobs. @param pool connections to the database of each pod */
export const workerResources = (unit: WorkerUnit, input: ExportInput, pool: number): Resource[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: unit.name, labels: labelsOf(unit.name, unit.kind) },
    spec: {
      replicas: unit.manifest.instances.min,
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(unit.name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: podTemplate(unit, input, pool),
    },
  },
  disruptionBudget(unit),
];
