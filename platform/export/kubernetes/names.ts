/** Ports of every pod: the one that the Service sends requests to, and the one of probes and metrics. */
export const PORTS = { http: 8080, control: 8081 } as const;

/** Objects that others refer to. */
export const NAMES = {
  settings: 'pandect-settings',
  secrets: 'pandect-secrets',
  database: 'pandect-database',
  keys: 'pandect-keys',
  certificate: 'pandect-tls',
  authorities: 'pandect-authorities',
  gateway: 'pandect',
  site: 'pandect-site',
  api: 'pandect-api',
  postgres: 'pandect-db',
  valkey: 'valkey',
  qdrant: 'qdrant',
} as const;

/** Labels that an operator sets on the namespaces of the gateway and of Prometheus, see docs/production/kubernetes.md. */
export const NAMESPACE_LABELS = {
  gateway: { 'pandect/gateway': 'true' },
  monitoring: { 'pandect/monitoring': 'true' },
} as const;

/** What a pod may reach, each with a policy that selects its label. */
export const reaches = ['database', 'redis', 'vectors', 'internet', 'mail', 'traces'] as const;
export type Reach = (typeof reaches)[number];
export const reachLabel = (reach: Reach): Record<string, string> => ({ [`pandect/reaches-${reach}`]: 'true' });

export const PART_OF = { 'app.kubernetes.io/part-of': 'pandect' } as const;
export type Component = 'function' | 'worker' | 'site' | 'migration' | 'data';

/** What selects the pods of a unit; it may never change. */
export const selectorOf = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name, ...PART_OF });

export const labelsOf = (name: string, component: Component): Record<string, string> => ({
  ...selectorOf(name),
  'app.kubernetes.io/component': component,
});

/** User and group of the image, see `Dockerfile`. */
export const IMAGE_USER = 10_001;
