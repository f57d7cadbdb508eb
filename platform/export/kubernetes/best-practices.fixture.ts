import type { Resource } from './resource.ts';

/* Rules that are easy to break with a manifest or a new object, each as a list of what breaks it. */

/** The little of a container and a pod that rules look at. */
export interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: Ref; configMapKeyRef?: Ref } }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: {
    readOnlyRootFilesystem?: boolean;
    allowPrivilegeEscalation?: boolean;
    capabilities?: { drop?: string[] };
  };
  ports?: { name: string; containerPort: number }[];
  readinessProbe?: object;
  livenessProbe?: object;
  startupProbe?: object;
  lifecycle?: { preStop?: object };
}
interface Ref {
  name: string;
  key: string;
  optional?: boolean;
}
export interface PodSpec {
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  terminationGracePeriodSeconds?: number;
  topologySpreadConstraints?: unknown[];
  securityContext?: { runAsNonRoot?: boolean; seccompProfile?: { type: string } };
  containers: Container[];
  initContainers?: Container[];
  volumes?: { name: string; emptyDir?: { sizeLimit?: string }; hostPath?: object }[];
}
interface Workload extends Resource {
  spec: {
    replicas?: number;
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];
export const workloads = (all: readonly Resource[]): Workload[] =>
  all.filter(({ kind }) => WORKLOADS.includes(kind)) as Workload[];
const containersOf = ({ spec }: Workload): Container[] => [
  ...spec.template.spec.containers,
  ...(spec.template.spec.initContainers ?? []),
];
const of = <T extends Resource>(all: readonly Resource[], kind: string): T[] =>
  all.filter((each) => each.kind === kind) as T[];
const named = (all: readonly Resource[], kind: string) => new Set(of(all, kind).map(({ metadata }) => metadata.name));

/** Names of the objects of which something is true. */
const where = <T extends { metadata: { name: string } }>(all: readonly T[], isBroken: (one: T) => boolean): string[] =>
  all.filter(isBroken).map(({ metadata }) => metadata.name);

const pods = (all: readonly Resource[], isBroken: (pod: PodSpec) => boolean) =>
  where(workloads(all), ({ spec }) => isBroken(spec.template.spec));
const containers = (all: readonly Resource[], isBroken: (container: Container) => boolean) =>
  where(workloads(all), (workload) => containersOf(workload).some(isBroken));
const long = (all: readonly Resource[], isBroken: (container: Container) => boolean) =>
  where(
    workloads(all).filter(({ kind }) => kind !== 'Job'),
    ({ spec }) => spec.template.spec.containers.some(isBroken),
  );

const matches = (labels: Record<string, string>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);
const selects = (all: readonly Resource[], wanted: Record<string, string>): boolean =>
  workloads(all).some(({ spec }) => matches(spec.template.metadata.labels, wanted));

interface Selecting extends Resource {
  spec: { podSelector: { matchLabels?: Record<string, string>; matchExpressions?: { values: string[] }[] } };
}
/** Of pods that no manifest here describes. */
const isOperators = (labels: Record<string, string>): boolean => 'cnpg.io/cluster' in labels;

const SECRET = /(?:PASSWORD|SECRET|TOKEN|_KEY|_KEY_ID|_DSN|DATABASE_URL|REDIS_URL)$/;

export type Rule = (all: readonly Resource[]) => string[];

export const rules: Record<string, Rule> = {
  'images have a digest or a version, never latest': (all) =>
    containers(all, ({ image }) => !/@sha256:[0-9a-f]{64}$|:v?\d+\.\d+\.\d+[\w.-]*$/.test(image)),
  'memory is requested and limited, and no less is allowed than is requested': (all) =>
    containers(all, ({ resources }) => {
      const [least, most] = [resources?.requests?.memory, resources?.limits?.memory].map(mebibytes);
      return least === undefined || most === undefined || most < least;
    }),
  'processor time is requested and not limited': (all) =>
    containers(all, ({ resources }) => !resources?.requests?.cpu || resources.limits?.cpu !== undefined),
  'liveness asks for something else than readiness': (all) =>
    long(all, ({ livenessProbe: alive, readinessProbe: ready }) => !alive || !ready || probed(alive) === probed(ready)),
  'a start has a probe of its own': (all) => long(all, ({ startupProbe }) => startupProbe === undefined),
  'no container runs as root': (all) => pods(all, ({ securityContext }) => securityContext?.runAsNonRoot !== true),
  'system calls are filtered': (all) =>
    pods(all, ({ securityContext }) => securityContext?.seccompProfile?.type !== 'RuntimeDefault'),
  'root file systems are read-only': (all) =>
    containers(all, ({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true),
  'no container may gain rights, and each drops all capabilities': (all) =>
    containers(
      all,
      ({ securityContext }) =>
        securityContext?.allowPrivilegeEscalation !== false || !securityContext.capabilities?.drop?.includes('ALL'),
    ),
  'no pod has a token of the cluster, or variables of its services': (all) =>
    pods(
      all,
      ({ automountServiceAccountToken: token, enableServiceLinks: links }) => token !== false || links !== false,
    ),
  'no pod reads a folder of its host, and what it writes has a limit': (all) =>
    pods(all, ({ volumes = [] }) =>
      volumes.some(({ hostPath, emptyDir }) => hostPath !== undefined || (emptyDir && !emptyDir.sizeLimit)),
    ),
  'values of secrets stand in Secrets alone': (all) => [
    ...containers(all, ({ env = [] }) =>
      env.some(
        ({ name, value, valueFrom }) =>
          SECRET.test(name) && (value !== undefined || valueFrom?.configMapKeyRef !== undefined),
      ),
    ),
    ...where(of(all, 'ConfigMap'), ({ data = {} }) => Object.keys(data as object).some((key) => SECRET.test(key))),
  ],
  'a Service selects pods and names a port that they have': (all) =>
    where(
      of<Resource & { spec: { selector: Record<string, string>; ports: { targetPort: string }[] } }>(all, 'Service'),
      ({ spec, apiVersion }) => {
        if (apiVersion !== 'v1') return false;
        const found = workloads(all).find((workload) => matches(workload.spec.template.metadata.labels, spec.selector));
        const ports =
          found?.spec.template.spec.containers.flatMap((each) => each.ports ?? []).map(({ name }) => name) ?? [];
        return spec.ports.some(({ targetPort }) => !ports.includes(targetPort));
      },
    ),
  'a route leads to a Service that is there, within a time': (all) =>
    where(
      of<Resource & { spec: { rules: { timeouts?: { request: string }; backendRefs?: { name: string }[] }[] } }>(
        all,
        'HTTPRoute',
      ),
      ({ spec }) =>
        spec.rules.some(({ backendRefs = [], timeouts }) =>
          backendRefs.some(({ name }) => !named(all, 'Service').has(name) || !timeouts?.request),
        ),
    ),
  'no path leads to two Services': (all) => {
    const paths = of<
      Resource & {
        spec: { parentRefs: { sectionName: string }[]; rules: { matches?: { path: { value: string } }[] }[] };
      }
    >(all, 'HTTPRoute').flatMap(({ spec }) =>
      spec.rules.flatMap(({ matches: found = [] }) => found.map(({ path }) => path.value)),
    );
    return paths.filter((path, at) => paths.indexOf(path) < at);
  },
  'an autoscaler has a target, whose number of pods nothing else sets': (all) =>
    where(
      of<Resource & { spec: { scaleTargetRef: { name: string }; minReplicas: number; maxReplicas: number } }>(
        all,
        'HorizontalPodAutoscaler',
      ),
      ({ spec }) => {
        const target = workloads(all).find(({ metadata }) => metadata.name === spec.scaleTargetRef.name);
        return (
          !target || target.spec.replicas !== undefined || spec.minReplicas < 1 || spec.maxReplicas <= spec.minReplicas
        );
      },
    ),
  'a disruption budget selects pods and always lets one of them go': (all) =>
    where(
      of<Resource & { spec: { maxUnavailable?: number; selector: { matchLabels: Record<string, string> } } }>(
        all,
        'PodDisruptionBudget',
      ),
      ({ spec }) => spec.maxUnavailable !== 1 || !selects(all, spec.selector.matchLabels),
    ),
  'what serves has a disruption budget and is spread over zones': (all) =>
    where(
      workloads(all).filter(({ kind, spec }) => kind !== 'Job' && spec.replicas !== 1),
      ({ metadata, spec }) =>
        !named(all, 'PodDisruptionBudget').has(metadata.name) || !spec.template.spec.topologySpreadConstraints?.length,
    ),
  'a network policy selects pods, and one denies all else': (all) => [
    ...where(of<Selecting>(all, 'NetworkPolicy'), ({ spec: { podSelector } }) => {
      const { matchLabels = {}, matchExpressions = [] } = podSelector;
      if (isOperators(matchLabels)) return false;
      const names = matchExpressions.flatMap(({ values }) => values);
      return !selects(all, matchLabels) || names.some((name) => !selects(all, { 'app.kubernetes.io/name': name }));
    }),
    ...(of<Selecting>(all, 'NetworkPolicy').some(
      ({ spec }) =>
        Object.keys(spec.podSelector).length === 0 &&
        'policyTypes' in spec &&
        !('egress' in spec) &&
        !('ingress' in spec),
    )
      ? []
      : ['nothing denies']),
  ],
  'what pods may reach is a policy': (all) =>
    where(workloads(all), ({ spec }) =>
      Object.keys(spec.template.metadata.labels)
        .filter((label) => label.startsWith('pandect/reaches-'))
        .some((label) => !named(all, 'NetworkPolicy').has(label.replace('pandect/', ''))),
    ),
  'a pod has time for what it drains before it is told to end': (all) =>
    pods(
      all,
      ({ terminationGracePeriodSeconds: seconds, containers: [first] }) =>
        first?.lifecycle?.preStop !== undefined && (seconds ?? 0) < 15,
    ),
  'labels of selectors are those of the pods': (all) =>
    where(
      workloads(all).filter(({ kind }) => kind !== 'Job'),
      ({ spec }) => !matches(spec.template.metadata.labels, spec.selector.matchLabels),
    ),
};

const mebibytes = (text: string | undefined): number | undefined => {
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(text ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === 'Gi' ? 1024 : 1);
};

/** What a probe does, without how often. */
const probed = (probe: object): string => {
  const { httpGet, tcpSocket, exec } = probe as Record<string, unknown>;
  return JSON.stringify({ httpGet, tcpSocket, exec });
};
