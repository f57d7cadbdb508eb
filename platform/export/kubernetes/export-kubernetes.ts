import { gzipSync } from 'node:zlib';
import { docsPage } from '../../edge/docs-page.ts';
import { reservedPaths } from '../../edge/routes.ts';
import { certificateResources, gatewayResources } from './cluster/gateway.ts';
import { migrationResources } from './cluster/migration.ts';
import { dataPolicies, managedPolicies, networkPolicies } from './cluster/network-policies.ts';
import { externalSecrets, longSettings, secretStubs, settingsFile } from './cluster/settings.ts';
import { poolOf } from './data/connections.ts';
import { postgresResources } from './data/postgres.ts';
import { qdrantResources } from './data/qdrant.ts';
import { valkeyResources } from './data/valkey.ts';
import { assertExportable, type ExportInput } from './input.ts';
import { dashboardResources, databaseMonitoring, podMonitoring } from './monitoring/monitoring-resources.ts';
import { NAMES, PART_OF } from './names.ts';
import { kedaHttpOverlay, kedaOverlay } from './overlays/keda.ts';
import { knativeOverlay } from './overlays/knative.ts';
import { rolloutsOverlay } from './overlays/rollouts.ts';
import { readme } from './readme.ts';
import { type Files, kustomization, type Resource, toYaml } from './resource.ts';
import { authorityFile } from './units/environment.ts';
import { functionResources } from './units/function-resources.ts';
import { siteCaddyfile, siteResources } from './units/site-resources.ts';
import { workerResources } from './units/worker-resources.ts';

/**
 * The platform for a cluster: texts by their paths, the same for the same input.
 * @throws Error with a line for each thing that cannot be exported
 */
export function exportKubernetes(input: ExportInput): Files {
  assertExportable(input);
  return {
    'README.md': readme(input),
    ...within('base', base(input)),
    ...within('data', data(input)),
    ...within('certificate', folder(input, { certificate: certificateResources(input) })),
    ...within('migrate', folder(input, { job: migrationResources(input) })),
    ...within('monitoring', folder(input, { pods: podMonitoring(input), dashboards: dashboardResources() })),
    ...within('monitoring-data', folder(input, { database: databaseMonitoring(input) })),
    ...within('overlays/standard', {
      'kustomization.yaml': kustomization({
        resources: ['data', 'migrate', 'base', 'monitoring', 'monitoring-data'].map((name) => `../../${name}`),
      }),
    }),
    ...within('overlays/managed', {
      ...folder(input, { 'network-policies': managedPolicies(input) }, [
        ...['migrate', 'base', 'monitoring'].map((name) => `../../${name}`),
      ]),
    }),
    ...within('overlays/external-secrets', {
      ...folder(input, { secrets: externalSecrets(input) }, ['../standard']),
    }),
    ...within('overlays/keda', kedaOverlay(input)),
    ...within('overlays/keda-http', kedaHttpOverlay(input)),
    ...within('overlays/knative', knativeOverlay(input)),
    ...within('overlays/rollouts', rolloutsOverlay(input)),
    'secrets/stubs.yaml': toYaml(...secretStubs(input)),
  };
}

const within = (place: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${place}/${path}`, text]));

/** A file for each list, and what joins them. @param others folders that it builds on */
function folder({ namespace }: ExportInput, files: Record<string, Resource[]>, others: readonly string[] = []): Files {
  const texts = Object.entries(files).map(([name, resources]) => [`${name}.yaml`, toYaml(...resources)] as const);
  const resources = [...others, ...texts.map(([path]) => path)];
  return { 'kustomization.yaml': kustomization({ namespace, resources }), ...Object.fromEntries(texts) };
}

function base(input: ExportInput): Files {
  const { units, sites, namespace, caddyfile } = input;
  const paths = units.flatMap(({ manifest }) => ('mount' in manifest ? manifest.mount : []));
  const files: Record<string, Resource[]> = {
    namespace: [namespaceOf(namespace)],
    gateway: gatewayResources(input),
    'network-policies': networkPolicies(input),
    ...Object.fromEntries(
      units.map((unit) => [
        `${unit.kind}-${unit.name}`,
        unit.kind === 'function'
          ? functionResources(unit, input, poolOf(unit))
          : workerResources(unit, input, poolOf(unit)),
      ]),
    ),
    ...Object.fromEntries(sites.map(({ name }) => [`site-${name}`, siteResources(name, input)])),
    api: [apiDescription(input)],
  };
  const [site] = sites;
  const written = folder(input, files);
  const long = longSettings(input);
  const authorities = authorityFiles(input);
  const pages: Files = site
    ? { Caddyfile: siteCaddyfile(caddyfile, site, reservedPaths(paths)), ...within('docs', docsPage) }
    : {};
  return {
    ...written,
    'kustomization.yaml': kustomization({
      namespace,
      resources: Object.keys(files).map((name) => `${name}.yaml`),
      // Pods are replaced when a setting changes, since its name in their templates then does.
      configMapGenerator: [
        { name: NAMES.settings, envs: ['settings.env'], ...(long.entries.length > 0 && { files: long.entries }) },
        ...(site ? [{ name: NAMES.site, files: Object.keys(pages) }] : []),
        ...(Object.keys(authorities).length > 0 ? [{ name: NAMES.authorities, files: Object.keys(authorities) }] : []),
      ],
    }),
    'settings.env': settingsFile(input),
    ...long.files,
    ...authorities,
    ...pages,
  };
}

/** Each under the name that it has in a pod. */
const authorityFiles = ({ authorities }: ExportInput): Files =>
  Object.fromEntries(
    Object.entries(authorities).map(([variable, text]) => [`authorities/${authorityFile(variable)}`, text]),
  );

const namespaceOf = (name: string): Resource => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

/** Compressed, as objects of Kubernetes are small. */
const apiDescription = ({ openapi }: ExportInput): Resource => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: NAMES.api, labels: PART_OF },
  binaryData: { 'openapi.json.gz': gzipSync(openapi, { level: 9 }).toString('base64') },
});

const data = (input: ExportInput): Files =>
  folder(input, {
    postgres: postgresResources(input),
    valkey: valkeyResources(),
    qdrant: qdrantResources(),
    'network-policies': dataPolicies(input),
  });
