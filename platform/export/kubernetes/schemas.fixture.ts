import type { Resource } from './resource.ts';

/** What all classes of `kubernetes-models` have. */
type Model = new (data: object) => { validate(): void };

const packages = {
  v1: () => import('kubernetes-models/v1'),
  'apps/v1': () => import('kubernetes-models/apps/v1'),
  'autoscaling/v2': () => import('kubernetes-models/autoscaling/v2'),
  'batch/v1': () => import('kubernetes-models/batch/v1'),
  'networking.k8s.io/v1': () => import('kubernetes-models/networking.k8s.io/v1'),
  'policy/v1': () => import('kubernetes-models/policy/v1'),
  'gateway.networking.k8s.io/v1': () => import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1'),
  'gateway.networking.k8s.io/v1beta1': () => import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1beta1'),
  'keda.sh/v1alpha1': () => import('@kubernetes-models/keda/keda.sh/v1alpha1'),
  'cert-manager.io/v1': () => import('@kubernetes-models/cert-manager/cert-manager.io/v1'),
  'monitoring.coreos.com/v1': () => import('@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'),
  'external-secrets.io/v1': () => import('@kubernetes-models/external-secrets/external-secrets.io/v1'),
  'postgresql.cnpg.io/v1': () => import('@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1'),
  'argoproj.io/v1alpha1': () => import('@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1'),
  'serving.knative.dev/v1': () => import('@kubernetes-models/knative/serving.knative.dev/v1'),
} as const;

/** Kinds whose schemas no package publishes. */
export const unpublished = ['http.keda.sh/v1alpha1'];

/** Fields whose content no schema knows: what a plugin is told. */
const FREE_FORM = 'plugins';

/**
 * Checks an object against the published schema of its kind.
 * @returns what is wrong with it, and fields that the schema does not know; these a cluster drops without a word
 */
export async function schemaMistakes(resource: Resource): Promise<string[]> {
  const { apiVersion, kind } = resource;
  const load = packages[apiVersion as keyof typeof packages];
  if (!load) return [`${apiVersion}: no schema`];
  const model = ((await load()) as unknown as Record<string, Model>)[kind];
  if (!model) return [`${apiVersion} ${kind}: no schema`];
  const mistake = (of: object) => {
    try {
      new model(of).validate();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const wrong = mistake(resource);
  if (wrong !== undefined) return [wrong];
  // A value of another type is only noticed in a field that the schema has.
  return placesIn(resource)
    .filter((path) => path[0] !== 'apiVersion' && path[0] !== 'kind' && !path.includes(FREE_FORM))
    .flatMap((path) => (mistake(withWrongType(resource, path)) === undefined ? [`${path.join('.')}: not known`] : []));
}

type Path = readonly (string | number)[];

const isTree = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null;

/** Every field that holds no other, and every object without fields. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (!isTree(value) || Object.keys(value).length === 0) return [path];
  const entries = Array.isArray(value) ? value.map((each, at) => [at, each] as const) : Object.entries(value);
  return entries.flatMap(([key, each]) => placesIn(each, [...path, key]));
}

function withWrongType(resource: Resource, path: Path): object {
  const copy = structuredClone(resource) as unknown;
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], copy);
  const [last] = path.slice(-1);
  const place = parent as Record<string | number, unknown>;
  place[last as string] = isTree(place[last as string]) ? 7 : { wrong: [] };
  return copy as object;
}
