import { describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { mine, withUpstream, keyFor } = await gatewayScene();
const key = await keyFor(mine.owner);
const hello = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };
const path = '/v1/chat/completions';

describe('the environment of the gateway', () => {
  it('limits whole answers to MAX_RESPONSE_BYTES', async () => {
    const { gateway } = await withUpstream([jsonReply(completion('x'.repeat(2_000))), jsonReply(completion('short'))], {
      MAX_RESPONSE_BYTES: '1024',
    });
    const large = await gateway.post(path, hello, key);
    expect([large.status, await large.json()]).toMatchObject([502, { error: { code: 'response_too_large' } }]);
    expect((await gateway.post(path, hello, key)).status).toBe(200);
  });

  it('limits calls in progress to GATEWAY_MAX_CONCURRENCY', async () => {
    const stream = eventStream(sse(...chunks(['a']).slice(0, 2)), 'hang');
    const { gateway, upstream } = await withUpstream([stream], {
      GATEWAY_MAX_CONCURRENCY: '2',
      CACHE_PREFIX: `test-${crypto.randomUUID()}`,
    });
    const open = [1, 2].map(() => gateway.post(path, { ...hello, stream: true }, key));
    const answers = await Promise.all(open);
    const third = await gateway.post(path, hello, key);
    expect([third.status, await third.json()]).toMatchObject([
      429,
      { error: { message: expect.stringContaining('At most 2 calls') } },
    ]);
    expect(third.headers.get('retry-after')).toBe('1');
    expect(upstream.visits).toHaveLength(2);
    for (const answer of answers) await answer.body?.cancel();
  });

  it.each([
    ['external', 'RATE_LIMIT_EXTERNAL_RPM'],
    ['internal', 'RATE_LIMIT_INTERNAL_RPM'],
  ])('limits the calls a minute of a key of the %s channel by %s', async (channel, name) => {
    const { gateway, upstream } = await withUpstream([jsonReply(completion('Yes'))], {
      ...{ RATE_LIMIT_EXTERNAL_RPM: '1000', RATE_LIMIT_INTERNAL_RPM: '1000', [name]: '2' },
      CACHE_PREFIX: `test-${crypto.randomUUID()}`,
    });
    const own = await keyFor(mine.owner, { channel });
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await gateway.post(path, hello, own)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(upstream.visits).toHaveLength(2);
  });
});
