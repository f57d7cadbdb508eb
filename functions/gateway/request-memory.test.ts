import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { eventStream, sse, startUpstreamServer } from '../../modules/testing/upstream-server.ts';
import { writeDocument } from './cases/case-scene.fixture.ts';
import { chunks, gatewayScene, serveGateway } from './gateway.fixture.ts';

const { database, mine, withUpstream, keyFor } = await gatewayScene();
const MARK = 'x'.repeat(400_000);
const RECORDING_BYTES = 8_000_000;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Notes each request as the gateway parses it, and keeps none. */
function noteRequests(): { requests: WeakRef<object>[] } & Disposable {
  const { parse } = JSON;
  const requests: WeakRef<object>[] = [];
  JSON.parse = (text, reviver) => {
    const value = parse(text, reviver);
    if (value?.messages?.[0]?.content === MARK) requests.push(new WeakRef(value));
    return value;
  };
  return {
    requests,
    [Symbol.dispose]() {
      JSON.parse = parse;
    },
  };
}

it.each([
  ['a stream', '/v1/chat/completions', {}, {}],
  ['a stream in another format', '/v1/messages', { max_tokens: 10 }, {}],
  ['a stream that is kept for equal requests', '/v1/chat/completions', {}, { 'x-pandect-cache': '60' }],
  ['a stream under a key', '/v1/chat/completions', {}, { 'idempotency-key': 'once' }],
])('lets go of the request while %s is open', async (_, path, fields, headers) => {
  using noted = noteRequests();
  const { gateway, upstream } = await withUpstream(() => eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang'));
  const body = { model: 'default', messages: [{ role: 'user', content: MARK }], stream: true, ...fields };
  const before = process.memoryUsage().arrayBuffers;
  const open = await gateway.post(path, body, await keyFor(mine.owner), headers);
  expect(open.status).toBe(200);
  // The stand-in for the upstream, in this process, reads it too.
  const kept = () => noted.requests.filter((request) => request.deref()).length;
  for (let n = 0; n < 50 && kept() > 0; n += 1) {
    await sleep(20);
    collect();
  }
  expect([noted.requests.length > 0, kept()]).toEqual([true, 0]);
  const bytes = () => {
    collect();
    return process.memoryUsage().arrayBuffers - before;
  };
  await expect.poll(bytes, { timeout: 5_000 }).toBeLessThan(MARK.length * 2);
  await open.body?.cancel();
  // A call under a key outlives its caller, until its upstream ends.
  await upstream.close();
});

/** A form with a recording, made while it is sent: its sender keeps nothing of it. */
function* transcriptionForm(): Generator<Buffer> {
  const part = (head: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`;
  yield Buffer.from(`${part('name="model"')}ears\r\n${part('name="stream"')}true\r\n`);
  yield Buffer.from(part('name="file"; filename="a.mp3"'));
  for (let sent = 0; sent < RECORDING_BYTES; sent += 50_000) yield Buffer.alloc(50_000, 'y');
  yield Buffer.from('\r\n--x--\r\n');
}

it.each([
  ['alone', {}],
  ['under a key', { 'idempotency-key': 'once-more' }],
])('lets go of a recording while its transcript comes, %s', async (_, headers) => {
  const upstream = await startUpstreamServer(() =>
    eventStream(sse({ type: 'transcript.text.delta', delta: 'a' }), 'hang'),
  );
  await writeDocument(database, {
    version: 1,
    providers: { openai: { kind: 'openai', base: upstream.baseUrl, keys: [{ env: 'OPENAI_API_KEY' }] } },
    models: { ears: { provider: 'openai', name: 'gpt-4o-transcribe', can: ['transcription'], price: 'small' } },
    routes: {},
  });
  const gateway = await serveGateway(database, {
    ...{ OPENAI_API_KEY: 'sk', OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
  });
  onTestFinished(async () => {
    await upstream.close();
    await gateway.close();
    await database.owner`delete from gateway_versions`;
  });
  const { token } = await keyFor(mine.owner);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const sent = request(`${gateway.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x', ...headers },
  });
  Readable.from(transcriptionForm()).pipe(sent);
  const [open] = (await once(sent, 'response')) as [IncomingMessage];
  expect(open.statusCode).toBe(200);
  // The stand-in for the upstream, in this process, keeps it once.
  const kept = () => {
    collect();
    return (process.memoryUsage().arrayBuffers - before) / RECORDING_BYTES;
  };
  await expect.poll(kept, { timeout: 5_000 }).toBeLessThan(1.5);
  open.destroy();
});
