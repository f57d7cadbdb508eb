import { fixedSettings } from './cluster/settings.ts';
import type { ExportInput } from './input.ts';
import { variablesOf } from './units/environment.ts';

/** Settings that the cluster's objects stand for, though no pod reads them. */
const EXPORTED = new Set(['DATABASE_URL', 'DATABASE_POOL', 'REDIS_URL', 'API_V1_STR', 'PROJECT_NAME', 'PANDECT_HOME']);

/** What does in a cluster what the supervisor does by these settings on one host. */
const instead: readonly (readonly [RegExp, string])[] = [
  [/^SENTRY_DSN$/, 'errors stand in the logs of the pods, which a collector of the cluster can send'],
  [/^ALERT_RULES_PATH$/, 'thresholds are in monitoring/pods.yaml: an overlay changes them'],
  [/^ALERT_/, 'Alertmanager sends the alerts of monitoring/'],
  [/^BACKUP_/, 'CloudNativePG makes backups, and the provider of the bucket keeps files'],
  [/^METRICS_/, 'Prometheus asks each pod, inside the cluster alone'],
  [/^(LOG_STDOUT|LOG_BUDGET_MIB|LOG_KEEP_DAYS)$/, 'pods write to their standard output, and the cluster keeps that'],
  [/^(PROCESS_MEMORY_MIB|BUILD_NICENESS)$/, 'limits of pods follow from manifests, and images are built elsewhere'],
  [/^DATABASE_CONNECTIONS$/, 'max_connections is computed for all pods'],
  [/^(MAX_CONNECTIONS_PER_CLIENT|PANDECT_EDGE|PANDECT_PORT)$/, 'the gateway takes connections'],
];

/** A line for each thing that one host has and the written files lack, so that nothing is left out in silence. */
export function exportNotes(input: ExportInput): string[] {
  const { units, variables, settings, sites } = input;
  const read = new Set([...units.flatMap(variablesOf), ...Object.keys(fixedSettings(input)), ...EXPORTED]);
  const unread = variables
    .map(({ name }) => name)
    .filter((name) => (settings[name] || settings[`${name}_FILE`]) && !read.has(name));
  return [
    ...unread.toSorted().map((name) => {
      const [, words] = instead.find(([pattern]) => pattern.test(name)) ?? [];
      return `${name} has no effect in a cluster${words === undefined ? '' : `: ${words}`}`;
    }),
    ...(sites.length > 0 ? [] : ['Without a site nothing serves /api/openapi.json and /api/docs/']),
  ];
}
