import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { eventStream, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, gatewayScene } from './gateway.fixture.ts';

const { mine, withUpstream, keyFor } = await gatewayScene();
const MARK = 'x'.repeat(400_000);
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
  const { gateway } = await withUpstream(() => eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang'));
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
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MARK.length * 2);
  await open.body?.cancel();
});
