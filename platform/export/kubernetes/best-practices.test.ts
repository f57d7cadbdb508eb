import { describe, expect, it } from 'vitest';
import { composition } from '../../../modules/composition.ts';
import { readBuiltUnits } from '../read-units.ts';
import { type PodSpec, rules, workloads } from './best-practices.fixture.ts';
import { checkout, fixtureInput, resourcesIn } from './export.fixture.ts';
import { exportKubernetes } from './export-kubernetes.ts';
import type { Resource } from './resource.ts';
import { variablesOf } from './units/environment.ts';

const units = await readBuiltUnits(checkout);
const input = fixtureInput({ units, variables: composition.variables });
/** Without what replaces other objects: overlays are rendered elsewhere. */
const standard = (files: Record<string, string>) =>
  resourcesIn(files)
    .filter(({ path }) => !/^(overlays|secrets)\//.test(path))
    .map(({ resource }) => resource);
const all = standard(exportKubernetes(input));

describe('the export of this checkout', () => {
  it.each(Object.entries(rules))('%s', (_, broken) => expect(broken(all)).toEqual([]));

  it('gives pods the variables that their code reads, each once, and no others', () => {
    const own = ['PORT', 'CONTROL_PORT'];
    for (const unit of units) {
      const deployment = workloads(all).find(({ metadata }) => metadata.name === unit.name);
      const names = deployment?.spec.template.spec.containers[0]?.env?.map(({ name }) => name) ?? [];
      expect(new Set(names).size).toBe(names.length);
      const read = variablesOf(unit);
      expect(names.filter((name) => !own.includes(name) && !read.includes(name))).toEqual([]);
      const hasDatabase = unit.manifest.database !== 'none';
      const wanted = read.filter((name) => hasDatabase || !/^DATABASE_(URL|POOL)$/.test(name));
      expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
    }
  });

  it('logs into the database as the login of the role alone', () => {
    const keys = (name: string) =>
      JSON.stringify(workloads(all).find(({ metadata }) => metadata.name === name)).match(
        /"name":"pandect-database","key":"[^"]*"/g,
      );
    expect(keys('ask')).toEqual(['"name":"pandect-database","key":"tenant"']);
    expect(keys('ingest')).toEqual(['"name":"pandect-database","key":"tenant-worker"']);
    expect(keys('notify')).toEqual(['"name":"pandect-database","key":"platform-worker"']);
  });

  it('accepts as many connections as all pods may open', () => {
    const cluster = all.find(({ kind }) => kind === 'Cluster') as Resource & {
      spec: { postgresql: { parameters: { max_connections: string } } };
    };
    const pools = units.reduce(
      (sum, { manifest }) => sum + manifest.connections * Math.max(1, manifest.instances.max),
      0,
    );
    expect(Number(cluster.spec.postgresql.parameters.max_connections)).toBeGreaterThan(2 * pools);
  });

  it('keeps objects small enough for a cluster', () => {
    for (const resource of all) expect(JSON.stringify(resource).length).toBeLessThan(1_000_000);
  });
});

/** Mistakes that each rule is there for: what is done to every pod, or to the objects of a kind. */
const mistakes: Record<keyof typeof rules, (all: Resource[]) => void> = {
  'images have a digest or a version, never latest': pods(({ containers: [first] }) =>
    Object.assign(first ?? {}, { image: 'pandect:latest' }),
  ),
  'memory is requested and limited, and no less is allowed than is requested': pods(
    ({ containers: [first] }) => delete first?.resources?.limits,
  ),
  'processor time is requested and not limited': pods(({ containers: [first] }) =>
    Object.assign(first?.resources?.limits ?? {}, { cpu: '1' }),
  ),
  'liveness asks for something else than readiness': pods(({ containers: [first] }) =>
    Object.assign(first ?? {}, { livenessProbe: first?.readinessProbe }),
  ),
  'a start has a probe of its own': pods(({ containers: [first] }) => delete first?.startupProbe),
  'no container runs as root': pods(({ securityContext }) => delete securityContext?.runAsNonRoot),
  'system calls are filtered': pods(({ securityContext }) => delete securityContext?.seccompProfile),
  'root file systems are read-only': pods(
    ({ containers: [first] }) => delete first?.securityContext?.readOnlyRootFilesystem,
  ),
  'no container may gain rights, and each drops all capabilities': pods(
    ({ containers: [first] }) => delete first?.securityContext?.capabilities,
  ),
  'no pod has a token of the cluster, or variables of its services': pods(
    (pod) => delete pod.automountServiceAccountToken,
  ),
  'no pod reads a folder of its host, and what it writes has a limit': pods((pod) =>
    pod.volumes?.push({ name: 'host', hostPath: { path: '/' } }),
  ),
  'values of secrets stand in Secrets alone': pods(({ containers: [first] }) =>
    first?.env?.push({ name: 'SMTP_PASSWORD', value: 'x' }),
  ),
  'a Service selects pods and names a port that they have': of('Service', ({ spec }) =>
    Object.assign(spec, { selector: { no: 'pod' } }),
  ),
  'a route leads to a Service that is there, within a time': of('HTTPRoute', ({ spec }) =>
    Object.assign(spec, { rules: [{ backendRefs: [{ name: 'none' }] }] }),
  ),
  'no path leads to two Services': of('HTTPRoute', ({ spec }) =>
    Object.assign(spec, { rules: [{ matches: [{ path: { value: '/' } }] }] }),
  ),
  'an autoscaler has a target, whose number of pods nothing else sets': of('Deployment', ({ spec }) =>
    Object.assign(spec, { replicas: 1 }),
  ),
  'a disruption budget selects pods and always lets one of them go': of('PodDisruptionBudget', ({ spec }) =>
    Object.assign(spec, { maxUnavailable: 0 }),
  ),
  'what serves has a disruption budget and is spread over zones': of('PodDisruptionBudget', (one) =>
    Object.assign(one, { kind: 'Other' }),
  ),
  'a network policy selects pods, and one denies all else': of('NetworkPolicy', ({ spec }) =>
    Object.assign(spec, { podSelector: { matchLabels: { no: 'pod' } } }),
  ),
  'what pods may reach is a policy': of('NetworkPolicy', (one) => Object.assign(one, { kind: 'Other' })),
  'a pod has time for what it drains before it is told to end': pods((pod) =>
    Object.assign(pod, { terminationGracePeriodSeconds: 1 }),
  ),
  'labels of selectors are those of the pods': of('Deployment', ({ spec }) =>
    Object.assign(spec, { selector: { matchLabels: { other: 'label' } } }),
  ),
};

describe('a rule finds a mistake', () => {
  it.each(Object.keys(rules))('%s', (name) => {
    const broken = standard(exportKubernetes(fixtureInput()));
    expect(rules[name]?.(broken)).toEqual([]);
    mistakes[name]?.(broken);
    expect(rules[name]?.(broken)).not.toEqual([]);
  });
});

function pods(change: (pod: PodSpec) => unknown) {
  return (resources: Resource[]) => {
    for (const { spec } of workloads(resources)) change(spec.template.spec);
  };
}

function of(kind: string, change: (one: Resource & { spec: object }) => unknown) {
  return (resources: Resource[]) => {
    for (const one of resources.filter((each) => each.kind === kind)) change(one as Resource & { spec: object });
  };
}
