import { afterEach, describe, expect, it } from 'vitest';
import { jsonReply } from '../../testing/upstream-server.ts';
import { bodyOf, createWorld, otherDialect, textOf, type World } from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-x',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Привет' }, finish_reason: 'stop' }],
  usage,
  unknown: 'kept',
};
const ask = (asked = {}) => world.ask({ stream: false, ...asked });

describe('a whole answer', () => {
  it('comes as the upstream wrote it, for the model of the target', async () => {
    world = await createWorld([[jsonReply(answer)]]);
    const whole = await ask();
    expect(whole).toMatchObject({
      kind: 'whole',
      status: 200,
      contentType: 'application/json',
      target: { name: 't1' },
    });
    expect(await textOf(whole)).toBe(JSON.stringify(answer));
    expect(JSON.parse(String(world.servers[0]?.visits[0]?.body))).toEqual({ ...bodyOf(false), model: 'model-t1' });
    expect(world.reports).toMatchObject([
      { attempt: 1, outcome: 'done', usage: { input: 12, output: 5 }, characters: 0, status: 200 },
    ]);
  });

  it('is translated for a caller of another format', async () => {
    world = await createWorld([[jsonReply(answer)]]);
    expect(JSON.parse(await textOf(await ask({ dialect: otherDialect })))).toEqual({ ...answer, model: 'default' });
  });

  it('begins with its first byte that is no blank', async () => {
    const blanks = Array.from({ length: 4 }, () => ['\n', { waitMs: 100 }]).flat();
    world = await createWorld(
      [[{ headers: { 'content-type': 'application/json' }, steps: [...blanks, JSON.stringify(answer)] }]],
      { target: { timeouts: { idleMs: 50 } } },
    );
    expect(await textOf(await ask())).toBe(JSON.stringify(answer));
    expect(world.reports[0]?.firstMs).toBeGreaterThanOrEqual(390);
  });

  it('is counted by its characters where the upstream counts nothing', async () => {
    const { usage: _, ...uncounted } = answer;
    world = await createWorld([[jsonReply(uncounted)]]);
    await ask();
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: undefined, characters: 6 }]);
  });

  it.each(['gzip', 'br'] as const)('is decoded from %s', async (encoding) => {
    world = await createWorld([[{ ...jsonReply(answer), encoding }]]);
    expect(await textOf(await ask())).toBe(JSON.stringify(answer));
  });

  it.each([
    ['broken JSON', { steps: ['{"choices":['] }],
    ['a list', jsonReply([])],
    ['no answer', jsonReply({ hello: 'world' })],
    ['an answer cut off', { headers: { 'content-length': '1000' }, steps: ['{"choices":', 'cut' as const] }],
    ['an error with status 200', jsonReply({ error: { message: 'no', type: 'server_error' } })],
    ['a redirect', { status: 302, headers: { location: 'http://elsewhere.example/' } }],
  ])('that is %s, is asked of the next target', async (_, reply) => {
    world = await createWorld([[reply], [jsonReply(answer)]]);
    expect((await ask()).target.name).toBe('t2');
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { attempt: 2, outcome: 'done' }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }, { outcome: 'success' }]);
  });

  it('that cannot be read at last is said to be so', async () => {
    world = await createWorld([[{ steps: ['<html>'] }]]);
    await expect(ask()).rejects.toMatchObject({ type: 'invalid-upstream-answer', status: 502 });
  });

  it.each([
    ['plain', jsonReply({ ...answer, long: 'x'.repeat(70_000) })],
    ['encoded', { ...jsonReply({ ...answer, long: 'x'.repeat(70_000) }), encoding: 'gzip' as const }],
    ['blank', { headers: { 'content-type': 'application/json' }, steps: [{ bytes: ' ', times: 70_000 }] }],
  ])('that is too large, %s, ends there, and is asked of no other target', async (_, reply) => {
    world = await createWorld([[reply], [jsonReply(answer)]], { limits: { responseBytes: 65_536 } });
    await expect(ask()).rejects.toMatchObject({ type: 'response-too-large', parameters: { limit: 65_536 } });
    expect(world.servers[1]?.visits).toEqual([]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'success' }]);
  });
});
