import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkServers } from './check-servers.ts';
import type { GatewayDocument, ProviderEntry } from './configuration/contract.ts';
import { resolve } from './configuration/resolve.ts';
import { createTransport } from './upstream/transport.ts';

const allowedHosts = ['127.0.0.1'];
const defaults = {
  limits: { bodyBytes: 1, responseBytes: 2, mediaBodyBytes: 3, concurrent: 4 },
  breaker: { failures: 5, resetMs: 30_000 },
  timeouts: { connectMs: 1_000, firstMs: 1_000, idleMs: 1_000, totalMs: 1_000 },
  cacheSeconds: 300,
};

/** A server that answers everything with this status, and what it was asked. */
async function serve(status: number) {
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.authorization ?? 'no key'}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return { asked, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

/** The check of a platform whose routes lead to these providers. */
function checkOf(routes: Record<string, ProviderEntry[]>, endpoints: { baseUrl: string; apiKey: string }[] = []) {
  const entries = Object.values(routes).flat();
  const nameOf = (entry: ProviderEntry) => `provider-${entries.indexOf(entry)}`;
  const document: GatewayDocument = {
    version: 1,
    providers: Object.fromEntries(entries.map((entry) => [nameOf(entry), entry])),
    models: Object.fromEntries(entries.map((entry) => [nameOf(entry), { provider: nameOf(entry), name: 'm' }])),
    routes: Object.fromEntries(Object.entries(routes).map(([route, of]) => [route, { targets: of.map(nameOf) }])),
  };
  const configuration = resolve(document, { version: 1, secretOf: () => 'secret', files: new Map(), defaults });
  const transport = createTransport({ allowedHosts });
  onTestFinished(() => transport.close());
  return checkServers({
    configurations: { platform: async () => configuration },
    transport,
    endpoints: endpoints.map((endpoint) => ({ caPath: undefined, concurrency: 1, ...endpoint })),
    settings: { allowedHosts, timeoutMs: 1_000 },
  });
}
const openAi = (base: string): ProviderEntry => ({ kind: 'openai', base, keys: [{ env: 'OPENAI_API_KEY' }] });
const anthropic = (base: string): ProviderEntry => ({ kind: 'anthropic', base, keys: [{ env: 'ANTHROPIC_API_KEY' }] });

describe('the check of servers', () => {
  it('asks each server of both aliases once, with its key where it speaks the protocol of OpenAI', async () => {
    const [one, other] = [await serve(200), await serve(404)];
    const routes = { standard: [openAi(one.baseUrl)], advanced: [anthropic(other.baseUrl), openAi(one.baseUrl)] };
    await checkOf(routes, [{ baseUrl: one.baseUrl, apiKey: 'secret' }]).check();
    expect(one.asked).toEqual(['GET /v1/models Bearer secret']);
    expect(other.asked).toEqual(['GET /v1/models no key']);
  });

  it('fails for a server that is broken or refuses its key, and for one that cannot be reached', async () => {
    const refusing = checkOf({ standard: [openAi((await serve(401)).baseUrl)] });
    await expect(refusing.check()).rejects.toMatchObject({ name: 'AiFailure', reason: 'refused' });
    const broken = checkOf({ standard: [anthropic((await serve(500)).baseUrl)] });
    await expect(broken.check()).rejects.toMatchObject({ name: 'AiFailure', reason: 'broken' });
    const gone = checkOf({ standard: [anthropic('http://127.0.0.1:1/v1')] });
    await expect(gone.check()).rejects.toMatchObject({ name: 'AiFailure', reason: 'unreachable' });
  });

  it('asks those of the default route where a document has no aliases', async () => {
    const broken = checkOf({ default: [anthropic((await serve(500)).baseUrl)] });
    await expect(broken.check()).rejects.toMatchObject({ name: 'AiFailure', reason: 'broken' });
  });
});
