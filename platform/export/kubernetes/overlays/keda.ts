import { countJobsQuery } from '../../../capabilities/queue/pgboss/count-jobs-query.ts';
import { workerQueues } from '../../../kernel/worker-queues.ts';
import { loginOf } from '../../../supervisor/process/process-environment.ts';
import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { NAMES, PART_OF } from '../names.ts';
import { type Files, kustomization, type Resource, toYaml } from '../resource.ts';
import { replicasOf } from '../units/function-resources.ts';

type WorkerUnit = Extract<Unit, { kind: 'worker' }>;
type FunctionUnit = Extract<Unit, { kind: 'function' }>;

/** Where the add-on for HTTP listens, as its chart names it. */
const INTERCEPTOR = { name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda', port: 8080 };
const POLL_SECONDS = 10;
const COOLDOWN_SECONDS = 300;

/** Workers by the jobs that wait for them. */
export function kedaOverlay({ units, namespace }: ExportInput): Files {
  const scaled = units.filter(
    (unit): unit is WorkerUnit =>
      unit.kind === 'worker' &&
      unit.manifest.instances.max > unit.manifest.instances.min &&
      loginOf(unit) !== undefined,
  );
  return {
    'kustomization.yaml': kustomization({
      resources: ['../standard', 'workers.yaml'],
      patches: scaled.map(({ name }) => withoutReplicas(name)),
    }),
    'workers.yaml': toYaml(...scaled.flatMap((unit) => scaledWorker(unit, namespace))),
  };
}

export const withoutReplicas = (name: string) => ({
  target: { kind: 'Deployment', name },
  patch: toYaml([{ op: 'remove', path: '/spec/replicas' }]),
});

function scaledWorker(unit: WorkerUnit, namespace: string): Resource[] {
  const { name, manifest } = unit;
  const metadata = { name, namespace, labels: PART_OF };
  return [
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata,
      spec: { secretTargetRef: [{ parameter: 'connection', name: NAMES.database, key: loginOf(unit) }] },
    },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        pollingInterval: POLL_SECONDS,
        cooldownPeriod: COOLDOWN_SECONDS,
        // Schedules are kept by the processes themselves, so one always runs.
        minReplicaCount: manifest.instances.min,
        maxReplicaCount: manifest.instances.max,
        triggers: [
          {
            type: 'postgresql',
            metadata: {
              query: countJobsQuery(workerQueues(name, manifest)),
              targetQueryValue: String(manifest.concurrency),
            },
            authenticationRef: { name },
          },
        ],
      },
    },
  ];
}

export const sleepersOf = (units: readonly Unit[]): FunctionUnit[] =>
  units.filter(
    (unit): unit is FunctionUnit =>
      unit.kind === 'function' && unit.manifest.instances.min === 0 && unit.manifest.mount.length > 0,
  );

/** Functions that may sleep, woken by KEDA's add-on for HTTP. Nothing includes it: see docs/production/kubernetes.md. */
export function kedaHttpOverlay({ units, namespace, domain }: ExportInput): Files {
  const sleepers = sleepersOf(units);
  const scaled = sleepers.filter((unit) => replicasOf(unit).max > 1);
  return {
    'kustomization.yaml': kustomization({
      resources: ['../keda', 'functions.yaml'],
      patches: [
        ...sleepers.map((unit) => throughService(unit, { ...INTERCEPTOR })),
        ...sleepers.filter((unit) => replicasOf(unit).max === 1).map(({ name }) => withoutReplicas(name)),
        ...scaled.map(({ name }) => deleted('autoscaling/v2', 'HorizontalPodAutoscaler', name)),
      ],
    }),
    'functions.yaml': toYaml(
      ...sleepers.map(({ name, manifest }) => ({
        apiVersion: 'http.keda.sh/v1alpha1',
        kind: 'HTTPScaledObject',
        metadata: { name, namespace, labels: PART_OF },
        spec: {
          hosts: [domain],
          pathPrefixes: manifest.mount,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name, service: name, port: 80 },
          replicas: { min: 0, max: Math.max(1, manifest.instances.max) },
          scaledownPeriod: manifest.idle,
          scalingMetric: { concurrency: { targetValue: Math.max(1, Math.floor(0.7 * manifest.concurrency)) } },
        },
      })),
      mayRouteTo(INTERCEPTOR, namespace),
    ),
  };
}

/** Lets routes of the platform lead to a Service of another namespace. */
export const mayRouteTo = (service: { name: string; namespace: string }, from: string): Resource => ({
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: `pandect-${service.name}`, namespace: service.namespace },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: from }],
    to: [{ group: '', kind: 'Service', name: service.name }],
  },
});

/** Has all paths of a function lead to a Service that wakes it. */
export const throughService = (
  { name, manifest: { mount } }: FunctionUnit,
  backend: { name: string; namespace: string; port: number },
  filters: object[] = [],
) => ({
  target: { kind: 'HTTPRoute', name },
  patch: toYaml(
    mount.flatMap((_, rule) => [
      { op: 'replace', path: `/spec/rules/${rule}/backendRefs`, value: [backend] },
      ...filters.map((value) => ({ op: 'add', path: `/spec/rules/${rule}/filters/-`, value })),
    ]),
  ),
});

export const deleted = (apiVersion: string, kind: string, name: string) => ({
  patch: toYaml({ $patch: 'delete', apiVersion, kind, metadata: { name } }),
});
