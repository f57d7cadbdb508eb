import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { labelsOf, PART_OF, selectorOf } from '../names.ts';
import { type Files, kustomization, type Resource, toYaml } from '../resource.ts';
import { replicasOf } from '../units/function-resources.ts';
import { withoutReplicas } from './keda.ts';

type FunctionUnit = Extract<Unit, { kind: 'function' }>;

/** The plugin of Argo Rollouts that sets weights in routes of the Gateway API. */
const PLUGIN = 'argoproj-labs/gatewayAPI';
/** As the Prometheus Operator's charts name it; an overlay of one's own names another. */
const PROMETHEUS = 'http://prometheus-operated.monitoring.svc:9090';
const ERRORS = 'pandect-errors';
/** Shares of the requests, in percent, each kept for a while. */
const STEPS = [5, 25, 50];
const STEP_MINUTES = 5;
/** Of its answers, from which on a release is taken back. */
const MOST_ERRORS = 0.01;

/** Releases of functions that begin with a share of the requests and are taken back by their errors. */
export function rolloutsOverlay({ units, namespace }: ExportInput): Files {
  const functions = units.filter(
    (unit): unit is FunctionUnit => unit.kind === 'function' && unit.manifest.mount.length > 0,
  );
  return {
    'kustomization.yaml': kustomization({
      resources: ['../standard', 'functions.yaml'],
      patches: functions.flatMap((unit) => [
        twoServices(unit),
        ...(isScaled(unit) ? [scalesRollout(unit)] : [withoutReplicas(unit.name)]),
      ]),
    }),
    'functions.yaml': toYaml(
      ...functions.flatMap((unit) => [rollout(unit, namespace), canaryService(unit, namespace)]),
      errorAnalysis(namespace),
    ),
  };
}

const isScaled = (unit: FunctionUnit): boolean => replicasOf(unit).max > replicasOf(unit).min;
const canaryOf = ({ name }: FunctionUnit): string => `${name}-canary`;

/** In place of the Deployment, from whose template it makes its pods; that one ends once these are ready. */
function rollout(unit: FunctionUnit, namespace: string): Resource {
  const { name } = unit;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace, labels: labelsOf(name, 'function') },
    spec: {
      ...(!isScaled(unit) && { replicas: replicasOf(unit).min }),
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(name) },
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name, scaleDown: 'onsuccess' },
      strategy: {
        canary: {
          ...{ maxSurge: 1, maxUnavailable: 0, stableService: name, canaryService: canaryOf(unit) },
          trafficRouting: { plugins: { [PLUGIN]: { httpRoute: name, namespace } } },
          analysis: {
            templates: [{ templateName: ERRORS }],
            startingStep: 1,
            args: [
              { name: 'function', value: name },
              { name: 'hash', valueFrom: { podTemplateHashValue: 'Latest' } },
            ],
          },
          steps: STEPS.flatMap((setWeight) => [{ setWeight }, { pause: { duration: `${STEP_MINUTES}m` } }]),
        },
      },
    },
  };
}

const canaryService = (unit: FunctionUnit, namespace: string): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: canaryOf(unit), namespace, labels: labelsOf(unit.name, 'function') },
  spec: {
    selector: selectorOf(unit.name),
    ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }],
  },
});

/** Until a release begins, and when it has ended, all requests go to the Service that is there without canaries too. */
const twoServices = (unit: FunctionUnit) => ({
  target: { kind: 'HTTPRoute', name: unit.name },
  patch: toYaml(
    unit.manifest.mount.map((_, rule) => ({
      op: 'replace',
      path: `/spec/rules/${rule}/backendRefs`,
      value: [
        { name: unit.name, port: 80, weight: 100 },
        { name: canaryOf(unit), port: 80, weight: 0 },
      ],
    })),
  ),
});

const scalesRollout = ({ name }: FunctionUnit) => ({
  target: { kind: 'HorizontalPodAutoscaler', name },
  patch: toYaml([
    {
      op: 'replace',
      path: '/spec/scaleTargetRef',
      value: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name },
    },
  ]),
});

/** Without requests there is nothing to judge, and the release continues. */
const errorAnalysis = (namespace: string): Resource => {
  const pods = '{namespace="NAMESPACE", pod=~"{{args.function}}-{{args.hash}}-.+"'.replace('NAMESPACE', namespace);
  const failed = `sum(rate(http_requests_total${pods}, status=~"5.."}[5m])) or vector(0)`;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: ERRORS, namespace, labels: PART_OF },
    spec: {
      args: [{ name: 'function' }, { name: 'hash' }],
      metrics: [
        {
          name: 'errors',
          interval: '1m',
          initialDelay: '2m',
          failureLimit: 2,
          successCondition: `len(result) == 0 || isNaN(result[0]) || result[0] <= ${MOST_ERRORS}`,
          provider: {
            prometheus: {
              address: PROMETHEUS,
              query: `(${failed}) / sum(rate(http_requests_total${pods}}[5m]))`,
            },
          },
        },
      ],
    },
  };
};
