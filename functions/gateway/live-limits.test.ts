import { expect, it } from 'vitest';
import { announceConfiguration } from '../../modules/models/configuration/topic.ts';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene, type TestGateway } from './gateway.fixture.ts';

const { database, mine, withUpstream } = await gatewayScene();
const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };
const within = { timeout: 2_000, interval: 50 };

/** Makes a document the newest version, as the command does, and waits until it is in effect. */
async function apply(gateway: TestGateway, number: number, baseUrl: string, settings: object): Promise<void> {
  // Each has a breaker of its own.
  const model = `model-${number}`;
  const document = {
    version: 1,
    providers: { upstream: { kind: 'openai', base: baseUrl } },
    models: { [model]: { provider: 'upstream', name: 'small', price: 'small' } },
    routes: { default: { targets: [model], retry: { attempts: 1 } } },
    ...settings,
  };
  await database.owner`
    insert into gateway_versions (number, document, created_by) values (${number}, ${JSON.stringify(document)}::text::json, 'op')`;
  await database.platform.transaction(announceConfiguration);
  await expect.poll(async () => (await gateway.get(`/v1/models/${model}`, mine.owner)).status, within).toBe(200);
}

async function ask(gateway: TestGateway): Promise<{ status: number; text: string }> {
  const response = await gateway.post('/v1/chat/completions', hello, mine.owner);
  return { status: response.status, text: await response.text() };
}

it('follows the limits and the breaker of the configuration in effect, without a restart', async () => {
  const long = jsonReply(completion('x'.repeat(5_000)));
  const { upstream, gateway } = await withUpstream([long, long, jsonReply({ error: { message: 'Failed' } }, 500)]);
  expect((await ask(gateway)).status).toBe(200);

  await apply(gateway, 1, upstream.baseUrl, { limits: { response: '2KiB' }, breaker: { failures: 1, reset: '60s' } });
  expect(await ask(gateway)).toMatchObject({ status: 502, text: expect.stringContaining('2048') });
  // One failure is enough: it is asked no more.
  expect((await ask(gateway)).status).toBe(502);
  const calls = upstream.visits.length;
  for (let n = 0; n < 3; n += 1) expect((await ask(gateway)).status).toBe(503);
  expect(upstream.visits).toHaveLength(calls);
});

it('follows how many calls may be in progress', async () => {
  const { upstream, gateway } = await withUpstream(() => eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang'));
  await apply(gateway, 2, upstream.baseUrl, { limits: { concurrent: 1 } });
  const open = await gateway.post('/v1/chat/completions', { ...hello, stream: true }, mine.owner);
  expect(open.status).toBe(200);
  expect((await ask(gateway)).status).toBe(429);
  await open.body?.cancel();
});
