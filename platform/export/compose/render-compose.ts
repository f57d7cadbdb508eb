import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposeProfile } from './compose-profile.ts';

/** Files of secrets, by the services that read them. */
const secretsOf: Record<string, readonly string[]> = {
  postgres: ['postgres_password'],
  redis: ['redis_password'],
  qdrant: ['qdrant_api_key'],
  pandect: ['database_url', 'redis_url', 'metrics_token'],
  grafana: ['grafana_password'],
};
const volumesOf: Record<string, readonly string[]> = {
  postgres: ['postgres'],
  redis: ['redis'],
  qdrant: ['qdrant'],
  pandect: ['state', 'run', 'caddy', 'backups'],
  prometheus: ['prometheus'],
  alertmanager: ['alertmanager'],
  grafana: ['grafana'],
};
/** Services by the files of their texts, in order. */
const parts = {
  'postgres.template': ['postgres'],
  'redis.template': ['redis'],
  'qdrant.template': ['qdrant'],
  'pandect.template': ['pandect'],
  'backup.template': ['backup'],
  'caddy.template': ['caddy'],
  'monitoring.template': ['prometheus', 'alertmanager', 'grafana'],
};

/** The text of a Compose file. @param file what it will be called */
export async function renderCompose(profile: ComposeProfile, file: string): Promise<string> {
  const { services } = profile;
  const has = (name: string) => name in services;
  const values = valuesOf(profile, file);
  const wanted = Object.entries(parts).filter(([, names]) => names.every(has));
  const texts = await Promise.all(
    ['head.template', ...wanted.map(([name]) => name)].map((name) =>
      readFile(join(import.meta.dirname, 'parts', name), 'utf8'),
    ),
  );
  const [head, ...bodies] = texts.map((text) => fill(linesFor(text, has), values));
  const named = (of: Record<string, readonly string[]>) =>
    Object.entries(of).flatMap(([name, each]) => (has(name) ? each : []));
  const lines = (names: readonly string[], text: (name: string) => string) =>
    names.map((name) => `  ${name}: ${text(name)}\n`).join('');
  return [
    `${head}${bodies.join('\n')}`,
    `networks:\n  # Servers that only the platform talks to; no way out.\n  data: { internal: true }\n${lines(['outbound', 'edge', ...(has('grafana') ? ['monitoring'] : [])], () => '{}')}`,
    `volumes:\n${lines(named(volumesOf), () => '{}')}`,
    `# Files of a folder that only its owner may enter; in a container each is seen by the service that names it.\nsecrets:\n${lines(named(secretsOf), (name) => `{ file: ./secrets/${name} }`)}`,
  ].join('\n');
}

function valuesOf(profile: ComposeProfile, file: string): Record<string, string> {
  const { name, host, services, settings, needs, limitMiB } = profile;
  const has = (service: string) => service in services;
  const optional = [
    ...(has('qdrant') ? ['--profile qdrant adds Qdrant (and QDRANT_URL=http://qdrant:6333 in .env)'] : []),
    ...(has('grafana') ? ['--profile monitoring Prometheus, Alertmanager and Grafana (docs/monitoring.md)'] : []),
  ];
  const swap = host.swapMiB === 0 ? '' : `, of them ${host.swapMiB} MiB of swap, which the host must have`;
  return {
    ...{ profile: name, file, cores: String(host.cores), hostGib: String(host.memoryMiB / 1024) },
    systemMib: String(host.systemMiB),
    grafanaPort: has('grafana') ? ', and Grafana one of 127.0.0.1' : '',
    optional: optional.map((line) => `# ${line}.\n`).join(''),
    connections: String(host.connections),
    sharedBuffers: profile.postgres.sharedBuffers,
    effectiveCache: profile.postgres.effectiveCache,
    redisMb: String(profile.redisMegabytes),
    settings: Object.entries(settings)
      .map(([key, value]) => `      ${key}: "${value}"\n`)
      .join(''),
    qdrantSecret: has('qdrant') ? 'qdrant_api_key, ' : '',
    sum: `Processes may take ${needs.processes} MiB, the supervisor ${needs.supervisor} and children of workers ${needs.children}: ${needs.total} of ${limitMiB} MiB${swap}.`,
    swap: host.swapMiB === 0 ? '' : `    memswap_limit: ${limitMiB}m\n`,
    pids: String(profile.pids),
    drain: String(profile.drainSeconds),
    ...Object.fromEntries(
      Object.entries(services).flatMap(([service, { memoryMiB, cpus }]) => [
        [`mem.${service}`, String(memoryMiB)],
        [`cpus.${service}`, String(cpus)],
      ]),
    ),
  };
}

/** A line that begins with `{{?name}}` is for files that have this service. */
const linesFor = (text: string, has: (service: string) => boolean): string =>
  text.replaceAll(/^\{\{\?(\w+)\}\}(.*\n)/gm, (_, service: string, line: string) => (has(service) ? line : ''));

function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{\{([\w.]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Render compose: "${name}": there is no such value`);
    return value;
  });
}
