import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { labelsOf, NAMES, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { podTemplate } from './pod.ts';
import { responseHeaders } from './response-headers.ts';

type FunctionUnit = Extract<Unit, { kind: 'function' }>;

/** Of the requests that a process takes, before another is started. */
const FULL_SHARE = 0.7;
/** Of the one core that a process can use. */
const BUSY = '700m';
/** Seconds of little load before processes are ended. */
const SCALE_DOWN_SECONDS = 300;

/** Processes of a function: one that would sleep on a single host stays awake, as nothing here holds requests until it wakes. */
export const replicasOf = ({ manifest: { instances } }: FunctionUnit) => {
  const min = Math.max(1, instances.min);
  return { min, max: Math.max(min, instances.max) };
};

/** What runs a function and leads to it. @param pool connections to the database of each pod */
export function functionResources(unit: FunctionUnit, input: ExportInput, pool: number): Resource[] {
  return [
    deployment(unit, input, pool),
    service(unit),
    ...(unit.manifest.mount.length > 0 ? [httpRoute(unit, input)] : []),
    ...(isScaled(unit) ? [autoscaler(unit)] : []),
    disruptionBudget(unit),
  ];
}

const isScaled = (unit: FunctionUnit): boolean => {
  const { min, max } = replicasOf(unit);
  return max > min;
};

const metadataOf = ({ name, kind }: Unit) => ({ name, labels: labelsOf(name, kind) });

const deployment = (unit: FunctionUnit, input: ExportInput, pool: number): Resource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadataOf(unit),
  spec: {
    // What an autoscaler has decided is not to be undone by the next `kubectl apply`.
    ...(!isScaled(unit) && { replicas: replicasOf(unit).min }),
    revisionHistoryLimit: 5,
    selector: { matchLabels: selectorOf(unit.name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: podTemplate(unit, input, pool),
  },
});

const service = (unit: FunctionUnit): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(unit),
  spec: {
    selector: selectorOf(unit.name),
    ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }],
  },
});

/** One rule for each path: the gateway takes the longest prefix, whichever route has it. */
function httpRoute(unit: FunctionUnit, { domain, caddyfile, settings }: ExportInput): Resource {
  const { mount, timeout } = unit.manifest;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadataOf(unit),
    spec: {
      parentRefs: [{ name: NAMES.gateway, sectionName: 'https' }],
      hostnames: [domain],
      rules: mount.map((own) => {
        const path = edgePath(own, settings);
        return {
          matches: [{ path: { type: 'PathPrefix', value: path } }],
          filters: [
            ...(path === own
              ? []
              : [
                  { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: own } } },
                ]),
            { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: responseHeaders(caddyfile) } },
          ],
          timeouts: { request: `${timeout}s` },
          backendRefs: [{ name: unit.name, port: 80 }],
        };
      }),
    },
  };
}

const edgePath = (own: string, settings: ExportInput['settings']): string =>
  own === '/v1' ? settings.API_V1_STR || own : own;

const autoscaler = (unit: FunctionUnit): Resource => {
  const { min, max } = replicasOf(unit);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf(unit),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: unit.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: { name: 'pandect_requests_in_flight' },
            target: {
              type: 'AverageValue',
              averageValue: String(Math.max(1, Math.floor(FULL_SHARE * unit.manifest.concurrency))),
            },
          },
        },
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: BUSY } } },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
        scaleDown: {
          stabilizationWindowSeconds: SCALE_DOWN_SECONDS,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
      },
    },
  };
};

/** One pod at a time: with a least number, a unit of one pod would keep its node from being emptied. */
export const disruptionBudget = (unit: Unit): Resource => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadataOf(unit),
  spec: {
    maxUnavailable: 1,
    selector: { matchLabels: selectorOf(unit.name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  },
});
