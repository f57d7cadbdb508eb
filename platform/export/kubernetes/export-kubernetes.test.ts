import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { writeFiles } from '../write-files.ts';
import { DIGEST, fixtureInput, fixtureUnits, resourcesIn } from './export.fixture.ts';
import { exportKubernetes } from './export-kubernetes.ts';
import { exportNotes } from './export-notes.ts';
import type { Resource } from './resource.ts';
import { schemaMistakes, unpublished } from './schemas.fixture.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'pandect-test-kubernetes-'));
/** A certificate and its private key, in PEM. */
async function newCertificate(place: string): Promise<{ certificate: string; key: string }> {
  const [key, certificate] = [join(place, 'key.pem'), join(place, 'certificate.pem')];
  const subject = ['-subj', '/CN=authority', '-days', '1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  await run('openssl', ['req', '-x509', ...curve, '-nodes', ...subject, '-keyout', key, '-out', certificate]);
  return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') };
}
afterAll(() => rm(folder, { recursive: true }));

const files = exportKubernetes(fixtureInput());
const authority = await newCertificate(folder);

it('writes the same for the same, as it stands in the snapshot', async () => {
  expect(exportKubernetes(fixtureInput())).toEqual(files);
  const text = Object.entries(files)
    // Dashboards and rules have tests of their own.
    .filter(([path]) => !path.startsWith('monitoring'))
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([path, content]) => `######## ${path}\n${content}`)
    .join('\n');
  await expect(text).toMatchFileSnapshot('snapshot/export.txt');
});

describe('every object', () => {
  it('has the fields of the published schema of its kind, and no others', async () => {
    const checked = resourcesIn(files).filter(({ resource }) => !unpublished.includes(resource.apiVersion));
    const mistakes: string[] = [];
    for (const { path, resource } of checked) {
      const found = await schemaMistakes(resource);
      mistakes.push(...found.map((mistake) => `${path} ${resource.kind} "${resource.metadata.name}": ${mistake}`));
    }
    expect(mistakes).toEqual([]);
    expect(checked.length).toBeGreaterThan(60);
  });

  it('would be refused with a field that is misspelt or of another type', async () => {
    const job = resourcesIn(files).find(({ resource }) => resource.kind === 'Job')?.resource as Resource;
    expect(await schemaMistakes({ ...job, spec: { ...(job.spec as object), backofLimit: 1 } })).toEqual([
      'spec.backofLimit: not known',
    ]);
    expect(await schemaMistakes({ ...job, spec: { ...(job.spec as object), backoffLimit: 'six' } })).not.toEqual([]);
  });
});

const hasKubectl = await run('kubectl', ['kustomize', '--help']).then(
  () => true,
  () => false,
);
if (!hasKubectl) process.stdout.write('kubectl is not installed: nothing renders the overlays\n');

describe.skipIf(!hasKubectl)('kubectl kustomize', async () => {
  const out = join(folder, 'rendered');
  await writeFiles(out, files);
  const rendered = new Map<string, Promise<Resource[]>>();
  const renderOnce = async (place: string) => {
    const { stdout } = await run('kubectl', ['kustomize', join(out, place)], { maxBuffer: 64 * 1024 * 1024 });
    return parseAllDocuments(stdout).map((document) => document.toJS() as Resource);
  };
  const render = (place: string): Promise<Resource[]> => {
    const found = rendered.get(place) ?? renderOnce(place);
    rendered.set(place, found);
    return found;
  };
  const named = (all: Resource[], kind: string) =>
    all.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

  it.each([
    'certificate',
    'data',
    'migrate',
    'overlays/standard',
    'overlays/managed',
    'overlays/external-secrets',
    'overlays/keda',
    'overlays/keda-http',
    'overlays/knative',
    'overlays/rollouts',
  ])('renders %s, each object once', async (place) => {
    const all = await render(place);
    const keys = all.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key, at) => keys.indexOf(key) < at)).toEqual([]);
  });

  it('names settings by their content, so that pods follow a change of them', async () => {
    const all = await render('overlays/standard');
    const settings = named(all, 'ConfigMap').find((name) => name.startsWith('pandect-settings-'));
    const ask = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ask');
    expect(JSON.stringify(ask)).toContain(`"name":"${settings}"`);
  });

  it('leaves servers of data out of the overlay for managed ones, but not the way to them', async () => {
    const all = await render('overlays/managed');
    expect(named(all, 'Cluster')).toEqual([]);
    expect(named(all, 'StatefulSet')).toEqual([]);
    expect(named(all, 'NetworkPolicy')).toContain('reaches-database');
  });

  it('puts services of Knative in the place of functions that sleep', async () => {
    const all = await render('overlays/knative');
    expect(named(all, 'Deployment')).not.toContain('admin');
    expect(all.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')?.metadata.name).toBe('admin');
    const route = all.find(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === 'admin');
    expect(JSON.stringify(route)).toContain('kourier-internal');
  });

  it('leads services of Knative to the settings by the name that these have', async () => {
    const all = await render('overlays/knative');
    const settings = named(all, 'ConfigMap').find((name) => name.startsWith('pandect-settings-'));
    const admin = all.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1');
    expect(JSON.stringify(admin)).toContain(`"configMapKeyRef":{"key":"ENVIRONMENT","name":"${settings}"`);
    expect(JSON.stringify(admin)).not.toContain('"name":"pandect-settings"');
  });

  it('gives Argo Rollouts the functions with paths, their routes and their autoscalers', async () => {
    const all = await render('overlays/rollouts');
    expect(named(all, 'Rollout')).toEqual(['admin', 'ask']);
    const specOf = (kind: string, name: string) =>
      all.find((each) => each.kind === kind && each.metadata.name === name)?.spec as Record<string, unknown>;
    expect(specOf('HorizontalPodAutoscaler', 'ask').scaleTargetRef).toMatchObject({ kind: 'Rollout', name: 'ask' });
    expect([specOf('Rollout', 'ask').replicas, specOf('Rollout', 'admin').replicas]).toEqual([undefined, 1]);
    expect(specOf('Rollout', 'ask')).toMatchObject({
      workloadRef: { kind: 'Deployment', name: 'ask' },
      strategy: {
        canary: {
          trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'ask', namespace: 'pandect' } } },
        },
      },
    });
    // What Argo Rollouts has set to none would otherwise come back with the next `kubectl apply`.
    expect(specOf('Deployment', 'admin').replicas).toBeUndefined();
    for (const { backendRefs } of specOf('HTTPRoute', 'ask').rules as { backendRefs: { name: string }[] }[]) {
      expect(backendRefs).toMatchObject([
        { name: 'ask', weight: 100 },
        { name: 'ask-canary', weight: 0 },
      ]);
      for (const { name } of backendRefs) expect(named(all, 'Service')).toContain(name);
    }
  });

  it('takes certificates of authorities and values of several lines as they are', async () => {
    const settings = { OPENAI_BASE_URL: 'https://a.example.org\nTRUSTED_PROXIES=0.0.0.0/0', SMTP_HOST: ' mail # "x" ' };
    const place = join(folder, 'own');
    const authorities = { OPENAI_CA_PATH: authority.certificate };
    await writeFiles(place, exportKubernetes(fixtureInput({ settings, authorities })));
    const { stdout } = await run('kubectl', ['kustomize', join(place, 'base')], { maxBuffer: 64 * 1024 * 1024 });
    const all = parseAllDocuments(stdout).map((document) => document.toJS() as Resource & { data: object });
    const [maps] = [all.filter(({ kind }) => kind === 'ConfigMap')];
    const dataOf = (name: string) => maps.find(({ metadata }) => metadata.name.startsWith(name))?.data;
    expect(dataOf('pandect-settings-')).toMatchObject(settings);
    expect(dataOf('pandect-settings-')).not.toHaveProperty('TRUSTED_PROXIES');
    expect(dataOf('pandect-authorities-')).toEqual({ 'openai-ca.pem': authority.certificate });
    const ask = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ask');
    const map = maps.find(({ metadata }) => metadata.name.startsWith('pandect-authorities-'))?.metadata.name;
    expect(JSON.stringify(ask)).toContain(
      `"configMap":{"items":[{"key":"openai-ca.pem","path":"openai-ca.pem"}],"name":"${map}"}`,
    );
  });

  it('leaves the number of pods to KEDA for workers that it scales', async () => {
    const replicas = Object.fromEntries(
      (await render('overlays/keda'))
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ metadata, spec }) => [metadata.name, (spec as { replicas?: number }).replicas]),
    );
    expect(replicas).toMatchObject({ ingest: undefined, notify: 1 });
  });
});

describe('what cannot be exported', () => {
  const refusal = (changes: Parameters<typeof fixtureInput>[0]) => {
    try {
      exportKubernetes(fixtureInput(changes));
      return 'exported';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const [ask, admin] = fixtureUnits;
  if (ask?.kind !== 'function' || admin?.kind !== 'function') throw new Error('the fixture has other units');

  it.each([
    ['registry.example.org/pandect:latest', 'image "registry.example.org/pandect:latest": must be'],
    ['pandect', 'image "pandect": must be'],
    [`pandect@sha256:${DIGEST}`, 'must be a registry, a name and a digest'],
    [`registry.example.org/pandect@sha256:${DIGEST.slice(1)}`, 'must be'],
    [`https://registry.example.org/pandect@sha256:${DIGEST}`, 'must be'],
  ])('refuses the image %s', (image, message) => expect(refusal({ image })).toContain(message));

  it.each(['https://ai.example.org', 'ai.example.org/path', 'ai.example.org:443', 'localhost', 'AI.example.org', ''])(
    'refuses the domain "%s"',
    (domain) => expect(refusal({ domain })).toContain(`domain "${domain}": must be a host name`),
  );

  it('tells all mistakes at once, each with the name of the unit', () => {
    const units = [
      { ...ask, manifest: { ...ask.manifest, env: ['NO_SUCH_VARIABLE'] } },
      { ...admin, manifest: { ...admin.manifest, mount: ['/api/ask'] } },
      { ...admin, name: 'qdrant', manifest: { ...admin.manifest, mount: ['/'] } },
    ];
    expect(refusal({ units, settings: { STORAGE: 'local', DATABASE_URL: 'postgres:///pandect?host=/run' } })).toBe(
      [
        'Export: function "ask": reads "NO_SUCH_VARIABLE", which nothing defines',
        'Export: function "admin": "/api/ask" is a path of "ask" as well',
        'Export: function "qdrant": its name is that of another object of the export',
        'Export: function "qdrant": "/" is the path of the site "web" as well',
        'Export: STORAGE: "local": pods share no folder; must be s3',
        'Export: DATABASE_URL, REDIS_URL: a unix socket is reached from one host alone',
      ].join('\n'),
    );
  });

  it.each([
    ['OPENAI_BASE_URL', 'http://localhost:11434/v1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://[::1]:4318'],
    ['QDRANT_URL', 'http://127.0.0.1:6333'],
    ['SMTP_HOST', 'localhost'],
  ])('refuses %s=%s, where pods find nothing', (name, value) =>
    expect(refusal({ settings: { [name]: value } })).toBe(
      `Export: ${name}: leads to this host, which pods do not reach`,
    ),
  );

  it('takes the addresses of this host that a cluster replaces', () => {
    expect(refusal({ settings: { PUBLIC_URL: 'http://localhost:8080', ALLOWED_HOSTS: 'localhost' } })).toBe('exported');
  });

  it('refuses networks that are none', () => {
    const internalNetworks = ['10.0.0.0/8', '10.0.0.0/64', '10.1.2.3', 'office'];
    expect(refusal({ internalNetworks }).split('\n')).toEqual(
      ['10.0.0.0/64', '10.1.2.3', 'office'].map(
        (network) => `Export: internal network "${network}": must be a network such as 10.20.0.0/16`,
      ),
    );
  });

  it('refuses files of authorities that hold anything but certificates, above all a private key', () => {
    const { certificate, key } = authority;
    const mistake = 'Export: SMTP_CA_PATH: must name a file with certificates in PEM, and nothing else';
    const withFile = (text: string) => refusal({ authorities: { SMTP_CA_PATH: text } });
    expect(withFile(`# ours\n${certificate}\n${certificate}`)).toBe('exported');
    for (const text of ['', 'certificate', key, certificate + key, certificate.slice(0, -40)]) {
      expect(withFile(text)).toBe(mistake);
    }
    expect(withFile(certificate.replace(/\n[A-Za-z0-9+/]{6}/, '\nAAAAAA'))).toBe(mistake);
  });

  it('refuses a folder that holds something, and writes nothing into it', async () => {
    const held = join(folder, 'held');
    await writeFiles(held, { 'a.txt': 'kept' });
    await expect(writeFiles(held, files)).rejects.toThrow(`Export to "${held}": the folder holds "a.txt"`);
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(writeFiles(file, files)).rejects.toThrow('is a file');
  });
});

it('has no secret of the settings in any file', () => {
  expect(Object.values(files).join('\n')).not.toContain('never-shown');
});

it('takes the path that replaces /v1 at the edge, and gives the function its own', () => {
  const changed = exportKubernetes(fixtureInput({ settings: { API_V1_STR: '/llm/v1' } }));
  const route = parseAllDocuments(changed['base/function-ask.yaml'] ?? '')
    .map((document) => document.toJS() as Resource)
    .find(({ kind }) => kind === 'HTTPRoute');
  const text = JSON.stringify(route);
  expect(text).toContain('"value":"/llm/v1"');
  expect(text).toContain('"replacePrefixMatch":"/v1"');
});

it('has every path of a function that sleeps lead to what wakes it', () => {
  const units = fixtureUnits.map((unit) =>
    unit.kind === 'function' && unit.name === 'admin'
      ? { ...unit, manifest: { ...unit.manifest, mount: ['/api/admin', '/api/more'] } }
      : unit,
  );
  const changed = exportKubernetes(fixtureInput({ units }));
  for (const overlay of ['keda-http', 'knative']) {
    expect(changed[`overlays/${overlay}/kustomization.yaml`]).toContain('/spec/rules/1/backendRefs');
  }
});

it('takes an empty setting for none, and names the servers of the cluster', () => {
  const { 'base/settings.env': text } = exportKubernetes(fixtureInput({ settings: { QDRANT_URL: '', SMTP_HOST: '' } }));
  expect(text).toContain('\nQDRANT_URL=http://qdrant:6333\n');
  expect(text).toContain('\n#SMTP_HOST=\n');
});

it('tells what one host has and a cluster lacks, in its output and in its README', () => {
  const input = fixtureInput({
    settings: { SENTRY_DSN: 'https://never-shown@sentry.example.org/1', ALERT_EMAIL: 'a@b.example', SMTP_HOST: 'mail' },
  });
  const notes = exportNotes(input);
  expect(notes).toEqual([
    'ALERT_EMAIL has no effect in a cluster: Alertmanager sends the alerts of monitoring/',
    'SENTRY_DSN has no effect in a cluster: errors stand in the logs of the pods, which a collector of the cluster can send',
  ]);
  const { 'README.md': text } = exportKubernetes(input);
  for (const note of notes) expect(text).toContain(`- ${note}\n`);
  expect(text).not.toContain('never-shown');
  expect(exportNotes(fixtureInput())).toEqual([]);
  expect(exportNotes(fixtureInput({ sites: [] }))).toEqual([
    'Without a site nothing serves /api/openapi.json and /api/docs/',
  ]);
});

it('has no alert of figures that the supervisor of one host alone shows', () => {
  expect(files['monitoring/pods.yaml']).not.toMatch(/pandect_(wal|files_archived|backup|restore_drill)_/);
});

it('keeps the versions of docker-compose.prod.yml', async () => {
  const compose = parse(await readFile(join(import.meta.dirname, '../../../docker-compose.prod.yml'), 'utf8'));
  const all = Object.values(files).join('\n');
  for (const [service, image] of [
    ['caddy', 'caddy:'],
    ['qdrant', 'qdrant/qdrant:'],
    ['postgres', 'ghcr.io/cloudnative-pg/postgresql:'],
  ] as const) {
    const [, version = ''] = compose.services[service].image.split('@')[0].split(':');
    expect(all).toContain(`${image}${version}`);
  }
});
