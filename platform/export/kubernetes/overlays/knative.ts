import { poolOf } from '../data/connections.ts';
import type { ExportInput } from '../input.ts';
import { labelsOf, NAMESPACE_LABELS, PART_OF, PORTS } from '../names.ts';
import { type Files, kustomization, type Resource, toYaml } from '../resource.ts';
import { replicasOf } from '../units/function-resources.ts';
import { podTemplate } from '../units/pod.ts';
import { deleted, mayRouteTo, sleepersOf, throughService } from './keda.ts';

/** Where Knative's own gateway listens inside the cluster, with Kourier. */
const INGRESS = { name: 'kourier-internal', namespace: 'kourier-system', port: 80 };
/** Of Knative's queue proxy, which stands in front of the container, and of its probes and figures. */
const PROXY_PORTS = [8012, 8013, 9090, 9091, 8022];
/** The longest that an unchanged Knative allows. */
const LONGEST_TIMEOUT_SECONDS = 600;

/** Functions that may sleep as Services of Knative, in place of their Deployments. */
export function knativeOverlay(input: ExportInput): Files {
  const sleepers = sleepersOf(input.units);
  return {
    'kustomization.yaml': kustomization({
      resources: ['../standard', 'functions.yaml'],
      configurations: ['references.yaml'],
      patches: sleepers.flatMap((unit) => [
        deleted('apps/v1', 'Deployment', unit.name),
        deleted('v1', 'Service', unit.name),
        deleted('policy/v1', 'PodDisruptionBudget', unit.name),
        ...(replicasOf(unit).max > 1 ? [deleted('autoscaling/v2', 'HorizontalPodAutoscaler', unit.name)] : []),
        throughService(unit, INGRESS, [
          { type: 'URLRewrite', urlRewrite: { hostname: `${unit.name}.${input.namespace}.svc.cluster.local` } },
        ]),
      ]),
    }),
    'functions.yaml': toYaml(
      ...sleepers.map((unit) => knativeService(unit, input)),
      mayRouteTo(INGRESS, input.namespace),
      fromKnative(input),
    ),
    'references.yaml': toYaml({ nameReference: [{ kind: 'ConfigMap', version: 'v1', fieldSpecs: references }] }),
  };
}

/** Where a Service of Knative names a ConfigMap, which Kustomize names by its content and knows of in its own kinds alone. */
const references = ['containers/env/valueFrom/configMapKeyRef', 'volumes/configMap'].map((place) => ({
  ...{ group: 'serving.knative.dev', kind: 'Service' },
  path: `spec/template/spec/${place}/name`,
}));

/** Knative sets `PORT`, spreads pods and ends them by rules of its own, and refuses a template that does. */
function knativeService(unit: ReturnType<typeof sleepersOf>[number], input: ExportInput): Resource {
  const { name, manifest } = unit;
  const { metadata, spec } = podTemplate(unit, input, poolOf(unit));
  const [container] = spec.containers;
  if (container === undefined) throw new Error(`Export function "${name}": its pod has no container`);
  const { ports: _, startupProbe: __, readinessProbe: ___, lifecycle: ____, env, ...rest } = container;
  const { automountServiceAccountToken, enableServiceLinks, securityContext, volumes } = spec;
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: input.namespace,
      labels: { ...labelsOf(name, 'function'), 'networking.knative.dev/visibility': 'cluster-local' },
    },
    spec: {
      template: {
        metadata: {
          labels: metadata.labels,
          annotations: {
            'autoscaling.knative.dev/min-scale': '0',
            'autoscaling.knative.dev/max-scale': String(Math.max(1, manifest.instances.max)),
            'autoscaling.knative.dev/scale-to-zero-pod-retention-period': `${Math.min(manifest.idle, 3_600)}s`,
          },
        },
        spec: {
          containerConcurrency: Math.min(manifest.concurrency, 1_000),
          timeoutSeconds: Math.min(manifest.timeout, LONGEST_TIMEOUT_SECONDS),
          ...{ automountServiceAccountToken, enableServiceLinks, securityContext, volumes },
          containers: [
            {
              ...rest,
              env: env.filter((entry) => entry.name !== 'PORT'),
              ports: [{ name: 'http1', containerPort: PORTS.http }],
              livenessProbe: {
                ...container.livenessProbe,
                httpGet: { path: '/_pandect/alive', port: PORTS.control },
              },
            },
          ],
        },
      },
    },
  };
}

const fromKnative = ({ namespace, units }: ExportInput): Resource => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'from-knative', namespace, labels: PART_OF },
  spec: {
    podSelector: {
      matchExpressions: [
        { key: 'app.kubernetes.io/name', operator: 'In', values: sleepersOf(units).map(({ name }) => name) },
      ],
    },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: NAMESPACE_LABELS.gateway } },
          ...['knative-serving', INGRESS.namespace].map((name) => ({
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
          })),
        ],
        ports: PROXY_PORTS.map((port) => ({ protocol: 'TCP', port })),
      },
    ],
  },
});
