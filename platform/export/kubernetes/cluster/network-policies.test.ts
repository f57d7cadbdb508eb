import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fixtureInput } from '../export.fixture.ts';
import { exportKubernetes } from '../export-kubernetes.ts';
import type { ExportInput } from '../input.ts';
import type { Resource } from '../resource.ts';

interface Policy extends Resource {
  spec: { egress?: { to: object[]; ports?: { port: number }[] }[] };
}

const read = (input: ExportInput, path: string): Policy[] =>
  parseAllDocuments(exportKubernetes(input)[path] ?? '').map((document) => document.toJS() as Policy);

/** Rules of a policy, each as where it leads and at which ports. */
function rulesOf(policy: string, changes: Partial<ExportInput>, path = 'base/network-policies.yaml'): string[] {
  const found = read(fixtureInput(changes), path).find(({ metadata }) => metadata.name === policy);
  return (found?.spec.egress ?? []).map(({ to, ports }) => {
    const peers = to.map((peer) => JSON.stringify(peer).match(/"([^"]+)"\}*$/)?.[1] ?? 'pods of the namespace');
    const places = to.some((peer) => 'ipBlock' in peer && JSON.stringify(peer).includes('"except"'))
      ? ['internet']
      : peers;
    return `${places.join(' ')}: ${ports?.map(({ port }) => port).join(' ') ?? 'all'}`;
  });
}

const PRIVATE = '10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7';

describe('what pods call by the whitelist', () => {
  it('is on the internet at 443, and at the ports that entries and addresses of servers name', () => {
    const settings = {
      OUTBOUND_WHITELIST: 'api.openai.com,ngw.example.org:9443,llm.example.org',
      OPENAI_BASE_URL: 'https://llm.example.org:8443/v1',
    };
    expect(rulesOf('reaches-internet', { settings })).toEqual(['internet: 443 8443 9443']);
  });

  it('may be inside by name: Services of the cluster by their namespaces, others in private networks, each at its ports', () => {
    const settings = {
      OUTBOUND_WHITELIST: 'api.openai.com,llm.corp.example.org:8443,vllm.models.svc,ollama.models:11434,gpu',
      OUTBOUND_INTERNAL_HOSTS: 'LLM.corp.example.org,vllm.models.svc,ollama.models,gpu',
      OPENAI_BASE_URL: 'http://llm.corp.example.org:8443/v1',
    };
    expect(rulesOf('reaches-internet', { settings })).toEqual([
      'internet: 443',
      `${PRIVATE}: 8443`,
      'models: all',
      'models: all',
      `${PRIVATE}: 11434`,
      'pods of the namespace: all',
    ]);
    expect(rulesOf('reaches-internet', { settings, internalNetworks: ['10.20.0.0/16'] })).toContain(
      '10.20.0.0/16: 8443',
    );
  });

  it('may be inside by address, and a name that is not said to be inside is not', () => {
    const settings = { OUTBOUND_WHITELIST: '10.1.2.3:8000,[fd00::7]:8001,8.8.8.8,llm.corp.example.org:8443' };
    expect(rulesOf('reaches-internet', { settings })).toEqual([
      'internet: 443 8443',
      '10.1.2.3/32: 8000',
      'fd00::7/128: 8001',
    ]);
  });

  it('is never the metadata service of the cloud, nor the pod itself', () => {
    const settings = {
      OUTBOUND_WHITELIST: 'llm.corp.example.org,localhost,127.0.0.1:9000',
      OUTBOUND_INTERNAL_HOSTS: 'llm.corp.example.org,localhost',
    };
    expect(rulesOf('reaches-internet', { settings })).toEqual(['internet: 443', `${PRIVATE}: 443`]);
  });
});

it('leads files and backups of the database to a private bucket', () => {
  const settings = {
    S3_ENDPOINT: 'http://minio.storage.svc.cluster.local:9000',
    OUTBOUND_WHITELIST: 'minio.storage.svc.cluster.local',
    OUTBOUND_INTERNAL_HOSTS: 'minio.storage.svc.cluster.local',
  };
  expect(rulesOf('reaches-internet', { settings })).toEqual(['internet: 443', 'storage: all']);
  expect(rulesOf('to-database', { settings }, 'data/network-policies.yaml').slice(1)).toEqual([
    '0.0.0.0/0 ::/0: 443 6443 9000',
    'storage: all',
  ]);
});

describe('traces', () => {
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.observability:4318' };

  it('reach their collector from every pod of a unit', () => {
    expect(rulesOf('reaches-traces', { settings })).toEqual([
      'observability: all',
      `${PRIVATE}: 4318`,
      'internet: 4318',
    ]);
    const text = exportKubernetes(fixtureInput({ settings }));
    for (const path of ['function-ask', 'function-operator', 'worker-notify']) {
      expect(text[`base/${path}.yaml`]).toContain('pandect/reaches-traces: "true"');
    }
  });

  it('go nowhere else when the collector is in the cluster or has an address', () => {
    const to = (endpoint: string) => rulesOf('reaches-traces', { settings: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
    expect(to('http://collector.observability.svc:4318')).toEqual(['observability: all']);
    expect(to('http://10.9.8.7:4318')).toEqual(['10.9.8.7/32: 4318']);
    expect(to('https://collector.traces.example.org')).toEqual([`${PRIVATE}: 443`, 'internet: 443']);
    expect(rulesOf('reaches-traces', {})).toEqual([]);
  });
});

it('reaches a mail server in the cluster too', () => {
  const settings = { SMTP_HOST: 'postfix.mail.svc', SMTP_PORT: '2525' };
  expect(rulesOf('reaches-mail', { settings })).toEqual(['0.0.0.0/0 ::/0: 2525', 'mail: all']);
});
