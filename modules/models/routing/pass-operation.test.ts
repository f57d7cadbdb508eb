import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, type UpstreamScript } from '../../testing/upstream-server.ts';
import type { Operation } from '../providers/adapter.ts';
import { createWorld, routeTo, textOf, type World } from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const start = async (...scripts: UpstreamScript[]) => {
  world = await createWorld(scripts);
};
const asked = () => ({
  route: routeTo(world.targets),
  targets: world.targets,
  signal: new AbortController().signal,
  onAttempt: (report: World['reports'][number]) => void world.reports.push(report),
});
const pass = (operation: Operation, body: string | Buffer = '{"model":"default"}', contentType = 'application/json') =>
  world.exchange.pass({ ...asked(), operation, body: Buffer.from(body), contentType });

const sound = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
const audio = { 'content-type': 'audio/mpeg' };

describe('an operation that passes', () => {
  it('sends sound on as it comes', async () => {
    await start([{ headers: audio, steps: [sound.subarray(0, 1_000), { waitMs: 300 }, sound.subarray(1_000)] }]);
    const answer = await pass('speech', '{"model":"default","input":"Hi"}');
    expect(answer).toMatchObject({ kind: 'begun', contentType: 'audio/mpeg', target: { name: 't1' } });
    expect(world.reports).toEqual([]);
    expect(answer.kind === 'begun' && (await buffer(answer.bytes)).equals(sound)).toBe(true);
    const [visit] = world.servers[0]?.visits ?? [];
    expect([visit?.path, JSON.parse(String(visit?.body))]).toEqual([
      '/v1/audio/speech',
      { model: 'model-t1', input: 'Hi' },
    ]);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: undefined }]);
  });

  it.each([
    ['an error of too many requests', jsonReply({ error: { code: 'rate_limit_exceeded', message: 'Slow down' } })],
    ['no JSON', { headers: { 'content-type': 'application/json' }, steps: ['[oops'] }],
  ])('asks the next target for a count when the first answers 200 with %s', async (_, reply) => {
    await start([reply], [jsonReply({ input_tokens: 7 })]);
    expect(JSON.parse(await textOf(await pass('count-tokens')))).toEqual({ input_tokens: 7 });
    expect(world.reports.map(({ target, outcome }) => [target.name, outcome])).toEqual([
      ['t1', 'failed'],
      ['t2', 'done'],
    ]);
  });

  it('leaves a target alone for a while that answered a count with 200 and too many requests', async () => {
    await start([jsonReply({ error: { code: 'rate_limit_exceeded', message: 'Slow down' } })]);
    await expect(pass('count-tokens')).rejects.toMatchObject({ status: 429 });
    await expect(pass('count-tokens')).rejects.toMatchObject({ type: 'all-targets-away' });
    expect(world.servers[0]?.visits).toHaveLength(1);
  });

  it('passes a count that is a list', async () => {
    await start([jsonReply([{ object: 'tokens', tokens: 5 }] as never)]);
    expect(await textOf(await pass('count-tokens'))).toBe('[{"object":"tokens","tokens":5}]');
  });

  it('sends events on, and counts by the last', async () => {
    const stream = sse(
      { type: 'speech.audio.delta', audio: 'A'.repeat(2_000_000) },
      { type: 'speech.audio.done', usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 } },
    );
    await start([eventStream(stream)]);
    expect(await textOf(await pass('speech'))).toBe(stream);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 3, output: 9 } }]);
  });

  it('hands over pictures and their count whole', async () => {
    const picture = {
      created: 1,
      data: [{ b64_json: 'A'.repeat(3_000_000) }],
      usage: { input_tokens: 4, output_tokens: 5 },
    };
    await start([jsonReply({}, 500)], [jsonReply(picture)]);
    const answer = await pass('images');
    expect(answer).toMatchObject({ kind: 'whole', target: { name: 't2' }, contentType: 'application/json' });
    expect(JSON.parse(await textOf(answer))).toEqual(picture);
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'done', usage: { input: 4, output: 5 } }]);
  });

  it('replaces the name of the model in a form, and nothing else', async () => {
    const form = (model: string) =>
      Buffer.concat([
        Buffer.from('--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'),
        sound,
        Buffer.from(`\r\n--xyz\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n--xyz--\r\n`),
      ]);
    await start([{ headers: { 'content-type': 'text/plain; charset=utf-8' }, steps: ['Hello'] }]);
    const contentType = 'multipart/form-data; boundary=xyz';
    const answer = await pass('transcription', form('default'), contentType);
    expect(answer).toMatchObject({ kind: 'whole', contentType: 'text/plain; charset=utf-8' });
    expect(await textOf(answer)).toBe('Hello');
    const [visit] = world.servers[0]?.visits ?? [];
    expect(visit?.headers['content-type']).toBe(contentType);
    expect(visit?.body.equals(form('model-t1'))).toBe(true);
  });

  it('that breaks off after it began ends with an error', async () => {
    await start([{ headers: audio, steps: [sound, 'cut'] }], [{ headers: audio, steps: [sound] }]);
    const answer = await pass('speech');
    await expect(answer.kind === 'begun' && buffer(answer.bytes)).rejects.toMatchObject({ type: 'stream-interrupted' });
    expect(world.reports).toMatchObject([{ outcome: 'broken' }]);
    expect(world.servers[1]?.visits).toEqual([]);
  });

  it('whose caller leaves closes the connection', async () => {
    await start([{ headers: audio, steps: [sound, 'hang'] }]);
    const answer = await pass('speech');
    if (answer.kind !== 'begun') return expect.fail();
    await once(answer.bytes, 'data');
    answer.bytes.destroy();
    await world.servers[0]?.visits[0]?.ended;
    expect(world.servers[0]?.visits[0]?.closedAt).toBeDefined();
  });

  it('whose answer is too large names its own limit', async () => {
    world = await createWorld([[jsonReply({ data: ['x'.repeat(2_000)] })]], {
      limits: { responseBytes: 100, mediaBytes: 1_000 },
    });
    const tooLarge = { type: 'response-too-large', parameters: { limit: 1_000 } };
    await expect(pass('images')).rejects.toMatchObject(tooLarge);
    await expect(world.exchange.embeddings({ ...asked(), body: { input: ['a'] } })).rejects.toMatchObject(tooLarge);
  });

  it('that no target can do is refused', async () => {
    await start([jsonReply({})]);
    await expect(pass('rerank')).rejects.toMatchObject({ type: 'unsupported-parameter' });
  });
});

describe('embeddings', () => {
  const ask = () => world.exchange.embeddings({ ...asked(), body: { input: ['a', 'b'] } });
  const answer = (...data: object[]) => jsonReply({ data, usage: { prompt_tokens: 6, total_tokens: 6 } });
  const [first, second] = [
    { index: 0, embedding: [0.1, 0.2] },
    { index: 1, embedding: [0.3, 0.4] },
  ];

  it('come in the order of their texts', async () => {
    await start([answer(second, first)]);
    expect(await ask()).toMatchObject({
      vectors: [first.embedding, second.embedding],
      usage: { input: 6, output: 0 },
      target: { name: 't1' },
    });
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 6, output: 0 } }]);
  });

  it.each([
    ['too few', answer(first)],
    ['none that can be read', jsonReply({ data: 'no' })],
    ['an error', jsonReply({ error: { message: 'no' } }, 500)],
  ])('are asked of the next target when there are %s', async (_, reply) => {
    await start([reply], [answer(first, second)]);
    expect((await ask()).target.name).toBe('t2');
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }, { outcome: 'success' }]);
  });
});
