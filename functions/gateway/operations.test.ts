import { toFile } from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { booksOf } from '../../modules/commerce/metering/calls/calls.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startCohereUpstream } from '../../modules/testing/providers/cohere-upstream.ts';
import { startOpenAiUpstream } from '../../modules/testing/providers/openai-upstream.ts';
import { gatewayScene, serveGateway } from './gateway.fixture.ts';

const SECRET = 'sk-of-the-platform';
const { database, keyFor } = await gatewayScene();
// A rouble a token or character of the prompt, two of the answer, ten a picture, three a second, 100 a search.
await database.owner`insert into model_prices (model, valid_from, prompt, completion, cached, image, second, request) values
  ('tokens', '2020-01-01', 1000000, 2000000, 500000, 0, 0, 0), ('picture', '2020-01-01', 0, 0, 0, 10, 0, 0),
  ('second', '2020-01-01', 0, 0, 0, 0, 3, 0), ('search', '2020-01-01', 0, 0, 0, 0, 0, 100)`;

const models = {
  voice: { provider: 'openai', name: 'gpt-4o-mini-tts', can: ['speech'], price: 'tokens' },
  'old-voice': { provider: 'openai', name: 'tts-1', can: ['speech'], price: 'tokens' },
  whisper: { provider: 'openai', name: 'whisper-1', can: ['transcription'], price: 'second' },
  ears: { provider: 'openai', name: 'gpt-4o-transcribe', can: ['transcription'], price: 'tokens' },
  painter: { provider: 'openai', name: 'gpt-image-1', can: ['images'], price: 'tokens' },
  'old-painter': { provider: 'openai', name: 'dall-e-3', can: ['images'], price: 'picture' },
  sorter: { provider: 'cohere', name: 'rerank-v3.5', can: ['rerank'], price: 'search' },
  small: { provider: 'openai', name: 'gpt-4o', price: 'tokens' },
};

async function scene(limits: object = {}) {
  const [openai, cohere] = await Promise.all([startOpenAiUpstream(SECRET), startCohereUpstream(SECRET)]);
  const document = {
    version: 1,
    providers: {
      openai: { kind: 'openai', base: `${openai.origin}/v1`, keys: [{ env: 'OPENAI_API_KEY' }] },
      cohere: { kind: 'cohere', base: `${cohere.origin}/compatibility/v1`, keys: [{ env: 'OPENAI_API_KEY' }] },
    },
    ...{ models, routes: { default: { targets: ['small', 'voice'] } }, limits },
  };
  await database.owner`delete from gateway_versions`;
  await database.owner`
    insert into gateway_versions (number, document, created_by) values (1, ${JSON.stringify(document)}::text::json, 'op')`;
  const gateway = await serveGateway(database, {
    ...{ OPENAI_API_KEY: SECRET, OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
  });
  const { id, owner } = await testOrganization(database);
  onTestFinished(async () => {
    await gateway.close();
    await Promise.all([openai.close(), cohere.close()]);
  });
  const key = await keyFor(owner);
  /** What was written down, once so many calls are. */
  const books = async (rows: number) => {
    await expect.poll(async () => (await booksOf(database, id)).rows.length).toBe(rows);
    const { rows: found, held } = await booksOf(database, id);
    expect(Number(held)).toBe(0);
    return found.map(({ cost, metadata }) => [Number(cost), (metadata as { estimated?: true }).estimated ?? false]);
  };
  return { openai, cohere, gateway, owner, key, client: gateway.openai(key), books };
}

const recording = () => toFile(Buffer.alloc(80_000, 7), 'a.mp3', { type: 'audio/mpeg' });

describe('POST /v1/audio/speech', () => {
  it('speaks for the official client, and charges the characters where nothing is counted', async () => {
    const { client, openai, books } = await scene();
    const spoken = await client.audio.speech.create({ model: 'old-voice', voice: 'alloy', input: 'Доброе утро' });
    expect(spoken.headers.get('content-type')).toBe('audio/mpeg');
    expect(spoken.headers.get('x-ratelimit-remaining-requests')).toMatch(/^\d+$/);
    expect([...new Uint8Array(await spoken.arrayBuffer())]).toEqual([0xff, 0xf3, 0x44, 0xc4]);
    expect(openai.requests[0]?.body).toEqual({ model: 'tts-1', voice: 'alloy', input: 'Доброе утро' });
    expect(await books(1)).toEqual([[11, true]]);
  });

  it('sends events, and charges the tokens that they count', async () => {
    const { client, books } = await scene();
    const spoken = await client.audio.speech.create({
      ...{ model: 'voice', voice: 'alloy', input: 'Good morning', stream_format: 'sse' },
    });
    expect(spoken.headers.get('content-type')).toContain('text/event-stream');
    expect(await spoken.text()).toContain('"speech.audio.done"');
    expect(await books(1)).toEqual([[64, false]]);
  });

  it('asks only targets that can speak, and names what none can do', async () => {
    const { client, openai, books } = await scene();
    const spoken = await client.audio.speech.create({ model: 'default', voice: 'alloy', input: 'Hi' });
    expect(spoken.headers.get('x-pandect-target')).toBe('voice');
    await spoken.arrayBuffer();
    await books(1);
    const refused = client.audio.speech.create({ model: 'small', voice: 'alloy', input: 'Hi' });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter' });
    await expect(refused).rejects.toThrow('"speech"');
    expect(openai.requests).toHaveLength(1);
  });
});

describe('POST /v1/audio/transcriptions', () => {
  it.each([
    ['json', 'whisper', 6, false],
    ['verbose_json', 'whisper', 6, false],
    ['srt', 'whisper', 9, false],
    ['vtt', 'whisper', 9, false],
    ['text', 'whisper', 30, true],
    ['json', 'ears', 30, false],
  ] as const)('answers %s of %s, and charges %i', async (format, model, cost, isEstimated) => {
    const { client, openai, books } = await scene();
    const heard: unknown = await client.audio.transcriptions.create({
      ...{ file: await recording(), model, response_format: format as 'json' },
    });
    expect(typeof heard === 'string' ? heard : (heard as { text: string }).text).toContain('Good morning.');
    expect(openai.requests[0]?.raw.includes(Buffer.alloc(80_000, 7))).toBe(true);
    expect(await books(1)).toEqual([[cost, isEstimated]]);
  });

  it('streams a transcript', async () => {
    const { client, books } = await scene();
    const stream = await client.audio.transcriptions.create({ file: await recording(), model: 'ears', stream: true });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(await books(1)).toEqual([[30, false]]);
  });

  it('refuses forms that are too large or malformed, without a call', async () => {
    const { client, gateway, openai, key } = await scene({ mediaBody: '64KiB' });
    const large = client.audio.transcriptions.create({ file: await recording(), model: 'ears' });
    await expect(large).rejects.toMatchObject({ status: 413 });
    const send = (body: string, type: string) =>
      gateway.post('/v1/audio/transcriptions', body, key, { 'content-type': type });
    const form = (part: string) => send(`--x\r\n${part}\r\n--x--\r\n`, 'multipart/form-data; boundary=x');
    const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
    const answers = await Promise.all([
      send('{}', 'application/json'),
      send('nothing', 'multipart/form-data; boundary=x'),
      form(field('model', 'ears')),
      form(field('file', 'x')),
      form(`${field('file', 'x')}\r\n--x\r\n${field('model', 'a')}\r\n--x\r\n${field('model', 'b')}`),
      form(`${field('file', 'x')}\r\n--x\r\n${field('model', 'no-such-ears')}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([415, 400, 400, 400, 400, 404]);
    for (const answer of answers) expect(await answer.json()).toHaveProperty('error.code');
    expect(openai.requests).toHaveLength(0);
  });
});

describe('POST /v1/images/generations', () => {
  it('draws, and charges tokens or pictures by the price of the model', async () => {
    const { client, books } = await scene();
    const counted = await client.images.generate({ model: 'painter', prompt: 'A court', n: 2, quality: 'low' });
    expect(counted.data).toHaveLength(2);
    expect(counted.usage?.output_tokens).toBe(544);
    const { data } = await client.images.generate({ model: 'old-painter', prompt: 'A court' });
    expect(data?.[0]?.url).toBe('https://pictures.example/1');
    expect(await books(2)).toEqual([
      [9 + 2 * 544, false],
      [10, false],
    ]);
  });

  it('streams pictures', async () => {
    const { client, books } = await scene();
    const stream = await client.images.generate({ model: 'painter', prompt: 'A court', stream: true });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.completed']);
    expect(await books(1)).toEqual([[9 + 2 * 272, false]]);
  });

  it('gives back what was held when the provider refuses, and passes on why', async () => {
    const { client, books } = await scene();
    const refused = client.images.generate({ model: 'old-painter', prompt: 'A court', n: 2 });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'n' });
    expect(await books(1)).toEqual([[0, false]]);
  });

  it('makes one call for an Idempotency-Key', async () => {
    const { client, openai, books } = await scene();
    const ask = () =>
      client.images.generate({ model: 'old-painter', prompt: 'A court' }, { headers: { 'Idempotency-Key': 'one' } });
    expect(await Promise.all([ask(), ask()])).toHaveLength(2);
    await ask();
    expect(openai.requests).toHaveLength(1);
    expect(await books(1)).toEqual([[10, false]]);
  });
});

describe('POST /v1/rerank', () => {
  it('sorts, and charges the searches that were billed', async () => {
    const { gateway, key, cohere, books } = await scene();
    const documents = Array.from({ length: 201 }, (_, index) => `Document ${index}`);
    const answer = await gateway.post('/v1/rerank', { model: 'sorter', query: 'Rent', documents, top_n: 2 }, key);
    expect([answer.status, await answer.json()]).toMatchObject([200, { results: [{ index: 0 }, { index: 1 }] }]);
    expect(answer.headers.get('x-pandect-cost')).toBe('300.00000000');
    expect(cohere.requests[0]?.body).toMatchObject({ model: 'rerank-v3.5', top_n: 2 });
    expect(await books(1)).toEqual([[300, false]]);
  });

  it.each([[{}], [{ query: 'Rent' }], [{ query: 'Rent', documents: [] }], [{ query: 7, documents: ['a'] }]])(
    'refuses %j',
    async (body) => {
      const { gateway, key } = await scene();
      const answer = await gateway.post('/v1/rerank', { model: 'sorter', ...body }, key);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_request' } }]);
    },
  );
});
