import { workerQueues } from '../../../kernel/worker-queues.ts';
import { IDLE_PROCESS_MIB } from '../../../planner/plan-memory.ts';
import { childrenMiB, memoryCap } from '../../../supervisor/process/memory-cap.ts';
import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { IMAGE_USER, labelsOf, NAMES, PORTS, reachLabel, selectorOf } from '../names.ts';
import {
  AUTHORITIES,
  authoritiesOf,
  environmentOf,
  hasFolders,
  KEYS,
  keysOf,
  reachesOf,
  STATE,
} from './environment.ts';

const MIB = 1024 * 1024;
/** Over what an idle process takes. */
const REQUEST_ROOM = 1.2;
/** Millicores that are kept for a process: functions have people who wait. */
const CPU = { function: '100m', worker: '50m' } as const;

/** Seconds in which load balancers and proxies learn that a pod ends, before it is told to. */
export const PRE_STOP_SECONDS = 5;
/** Seconds for all else at the end of a pod: the above, answers that are closed, connections. */
const END_SECONDS = 10;

/** Seconds a pod may take to end: what it has begun is finished, or a job given back. */
export function graceSeconds(unit: Unit): number {
  const { kind, name, manifest } = unit;
  const longest =
    kind === 'function'
      ? Math.max(manifest.timeout, manifest.drain)
      : Math.max(...workerQueues(name, manifest).map(({ timeout }) => timeout));
  return longest + END_SECONDS;
}

/** What a container may not do, and every one may do without. */
export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
export const podSecurity = (user = IMAGE_USER) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: 'RuntimeDefault' },
});

/** Pods of one unit in different zones and on different hosts, as far as there are any. */
export const spreadOf = (name: string) =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(name) },
  }));

export const memoryOf = (unit: Unit) => ({
  requestMiB: Math.ceil(IDLE_PROCESS_MIB[unit.kind] * REQUEST_ROOM),
  limitMiB: memoryCap(unit.manifest.memory) / MIB + childrenMiB(unit),
});

const control = (path: string) => ({ httpGet: { path: `/_pandect/${path}`, port: 'control' } });

/**
 * Ready asks for what the process needs, and takes it out of the Service while that is missing. Alive asks for nothing but an
 * answer: a database that is down for all is no reason to restart anything.
 */
const PROBES = {
  startupProbe: { ...control('ready'), periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 60 },
  readinessProbe: { ...control('ready'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
  livenessProbe: { ...control('alive'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
};

/** The template of a unit's pods. @param pool connections to the database of each */
export function podTemplate(unit: Unit, input: ExportInput, pool: number) {
  const { name, kind } = unit;
  const { volumes, volumeMounts } = volumesOf(unit, input);
  const { requestMiB, limitMiB } = memoryOf(unit);
  const hasChildren = kind === 'worker' && Object.keys(unit.manifest.children).length > 0;
  return {
    metadata: {
      labels: { ...labelsOf(name, kind), ...Object.assign({}, ...reachesOf(unit, input).map(reachLabel)) },
      annotations: { 'kubectl.kubernetes.io/default-container': name },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // What a worker's children leave behind is collected by the first process of the pod.
      ...(hasChildren && { shareProcessNamespace: true }),
      securityContext: podSecurity(),
      terminationGracePeriodSeconds: graceSeconds(unit),
      topologySpreadConstraints: spreadOf(name),
      containers: [
        {
          name,
          image: input.image,
          args: ['serve', kind, name],
          ports: [
            ...(kind === 'function' ? [{ name: 'http', containerPort: PORTS.http }] : []),
            { name: 'control', containerPort: PORTS.control },
          ],
          env: environmentOf(unit, input, pool),
          resources: {
            requests: { cpu: CPU[kind], memory: `${requestMiB}Mi` },
            limits: { memory: `${limitMiB}Mi` },
          },
          securityContext: CONTAINER_SECURITY,
          ...PROBES,
          ...(kind === 'function' && {
            lifecycle: { preStop: { exec: { command: ['sleep', String(PRE_STOP_SECONDS)] } } },
          }),
          volumeMounts,
        },
      ],
      volumes,
    },
  };
}

/** Writable folders that end with the pod, and the keys and certificates that the unit reads. */
function volumesOf(unit: Unit, input: ExportInput) {
  const keys = keysOf(unit, input);
  const authorities = authoritiesOf(unit, input);
  return {
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      ...(hasFolders(unit, input) ? [{ name: 'state', emptyDir: { sizeLimit: '4Gi' } }] : []),
      ...(keys.length > 0
        ? [
            {
              name: 'keys',
              secret: {
                secretName: NAMES.keys,
                defaultMode: 0o440,
                items: keys.map(({ file }) => ({ key: file, path: file })),
              },
            },
          ]
        : []),
      ...(authorities.length > 0
        ? [
            {
              name: 'authorities',
              configMap: { name: NAMES.authorities, items: authorities.map((file) => ({ key: file, path: file })) },
            },
          ]
        : []),
    ],
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(hasFolders(unit, input) ? [{ name: 'state', mountPath: STATE }] : []),
      ...(keys.length > 0 ? [{ name: 'keys', mountPath: KEYS, readOnly: true }] : []),
      ...(authorities.length > 0 ? [{ name: 'authorities', mountPath: AUTHORITIES, readOnly: true }] : []),
    ],
  };
}
