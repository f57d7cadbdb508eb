import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startGigaChatUpstream } from '../../modules/testing/providers/gigachat-upstream.ts';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { writeDocument } from './cases/case-scene.fixture.ts';
import { chunks, completion, gatewayScene, serveGateway } from './gateway.fixture.ts';

const { database, mine, withUpstream, keyFor } = await gatewayScene();
const key = await keyFor(mine.owner);
const messages = [{ role: 'user' as const, content: 'Hello' }];

describe("Anthropic's client", () => {
  const asked = { model: 'small', max_tokens: 100, messages };

  it('has a whole answer from a server of OpenAI', async () => {
    const { gateway, upstream } = await withUpstream([jsonReply(completion('Hi there'))]);
    const { data, response } = await gateway.anthropic(key).messages.create(asked).withResponse();
    expect(data).toMatchObject({
      ...{ type: 'message', role: 'assistant', model: 'small', stop_reason: 'end_turn' },
      ...{ content: [{ type: 'text', text: 'Hi there' }], usage: { input_tokens: 10, output_tokens: 5 } },
    });
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(JSON.parse(upstream.visits[0]?.body.toString() ?? '')).toMatchObject({ model: 'small', messages });
  });

  it('has a stream from it, whose last count has both figures, once', async () => {
    const { gateway } = await withUpstream([eventStream(sse(...chunks(['Hi ', 'there'])))]);
    const stream = gateway.anthropic(key).messages.stream(asked);
    const ends: unknown[] = [];
    stream.on('streamEvent', (event) => {
      if (event.type === 'message_delta') ends.push(event.usage);
    });
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hi there' }]);
    expect(ends).toMatchObject([{ input_tokens: 10, output_tokens: 5 }]);
  });

  it('has a count, which says when it is our own', async () => {
    const { gateway, upstream } = await withUpstream([]);
    const { data, response } = await gateway
      .anthropic(key)
      .messages.countTokens({ model: 'small', messages })
      .withResponse();
    expect(data.input_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-pandect-estimated')).toBe('true');
    expect(upstream.visits).toHaveLength(0);
  });

  it("has GigaChat's count of texts and functions, but for pictures", async () => {
    const secret = Buffer.from('client:secret').toString('base64');
    const server = await startGigaChatUpstream(secret);
    const { origin, oauthUrl } = server;
    await writeDocument(database, {
      version: 1,
      providers: {
        giga: {
          kind: 'gigachat',
          base: `${origin}/api/v1`,
          options: { oauthUrl },
          timeouts: { connect: '20s' },
          keys: [{ env: 'GIGACHAT_KEY' }],
        },
      },
      models: { max: { provider: 'giga', name: 'GigaChat-2-Max', can: ['tools', 'vision'], price: 'small' } },
      routes: {},
    });
    const hosts = { OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' };
    const gateway = await serveGateway(database, { GIGACHAT_KEY: secret, ...hosts });
    onTestFinished(async () => {
      await gateway.close();
      await server.close();
      await database.owner`delete from gateway_versions`;
    });
    const count = async (content: Anthropic.MessageParam['content'], more: object = {}) => {
      const asked = { model: 'max', system: 'Be brief', messages: [{ role: 'user' as const, content }], ...more };
      const { data, response } = await gateway.anthropic(key).messages.countTokens(asked).withResponse();
      return { tokens: data.input_tokens, isEstimated: response.headers.has('x-pandect-estimated') };
    };
    expect(await count('By what day?')).toEqual({ tokens: 5, isEstimated: false });
    const tools = [{ name: 'find', input_schema: { type: 'object' as const } }];
    expect(await count('By what day?', { tools })).toEqual({ tokens: 6, isEstimated: false });
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
    expect(await count([{ type: 'image', source }])).toMatchObject({ isEstimated: true });
  });

  it('takes errors as its own', async () => {
    const { gateway } = await withUpstream([jsonReply({ error: { message: 'busy' } }, 503)]);
    const { messages: client } = gateway.anthropic(key);
    await expect(client.create(asked)).rejects.toMatchObject({ type: 'overloaded_error' });
    await expect(client.create({ ...asked, model: 'claude-0' })).rejects.toMatchObject({ type: 'not_found_error' });
    await expect(gateway.anthropic({ token: 'sk-ant-1' }).messages.create(asked)).rejects.toMatchObject({
      type: 'authentication_error',
    });
  });
});

describe("OpenAI's client", () => {
  it('has responses from a server of its own', async () => {
    const body = {
      ...{ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'small-1', error: null },
      output: [
        {
          ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
          content: [{ type: 'output_text', text: 'Hi there', annotations: [] }],
        },
      ],
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    };
    const { gateway, upstream } = await withUpstream([jsonReply(body)]);
    const response = await gateway.openai(key).responses.create({ model: 'small', input: 'Hello' });
    expect(response.output_text).toBe('Hi there');
    expect(upstream.visits[0]?.path).toBe('/v1/responses');
  });

  it('is told which state of an account no upstream may be asked for', async () => {
    const { gateway, upstream } = await withUpstream([]);
    const asked = { model: 'small', input: 'Hello', previous_response_id: 'resp_1' };
    await expect(gateway.openai(key).responses.create(asked)).rejects.toMatchObject({
      ...{ status: 400, param: 'previous_response_id', code: 'unsupported_parameter' },
    });
    expect(upstream.visits).toHaveLength(0);
  });
});

describe('POST /v1/embeddings', () => {
  const vectors = [
    [0.1, -0.25, 3.5],
    [1e-7, 0.333333, -1],
  ];
  const floats = {
    ...{ object: 'list', model: 'text-embedding-3-small', usage: { prompt_tokens: 4, total_tokens: 4 } },
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).toReversed(),
  };

  it('gives the client vectors in order, in base64 and as numbers, whatever the server has', async () => {
    const { gateway } = await withUpstream([jsonReply(floats)]);
    const client = gateway.openai(key).embeddings;
    const input = ['One', 'Two'];
    const single = vectors.map((vector) => [...new Float32Array(vector)]);
    const encoded = await client.create({ model: 'embedding', input });
    expect(encoded.data.map(({ embedding }) => embedding)).toEqual(single);
    expect(encoded.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
    const numbers = await client.create({ model: 'embedding', input, encoding_format: 'float' });
    expect(numbers.data.map(({ embedding, index }) => [index, embedding])).toEqual([
      [0, vectors[0]],
      [1, vectors[1]],
    ]);
  });

  it('makes one call for an Idempotency-Key, and refuses it for another request', async () => {
    const { gateway, upstream } = await withUpstream([{ ...jsonReply(floats), headersAfterMs: 200 }]);
    const client = gateway.openai(key).embeddings;
    const headers = { 'idempotency-key': 'embedded' };
    const ask = (input: string[]) => client.create({ model: 'embedding', input }, { headers }).withResponse();
    const answers = [...(await Promise.all([ask(['One', 'Two']), ask(['One', 'Two'])])), await ask(['One', 'Two'])];
    for (const { data } of answers) expect(data).toEqual(answers[0]?.data);
    expect(answers.filter(({ response }) => response.headers.get('idempotent-replayed') === 'true')).toHaveLength(2);
    expect(upstream.visits).toHaveLength(1);
    await expect(ask(['Three'])).rejects.toMatchObject({ status: 422 });
  });

  it('takes tokens and dimensions, and refuses what is neither', async () => {
    const { gateway, upstream } = await withUpstream([jsonReply(floats)]);
    const client = gateway.openai(key).embeddings;
    await client.create({ model: 'embedding', input: [[1, 2], [3]], dimensions: 3 });
    expect(JSON.parse(upstream.visits[0]?.body.toString() ?? '')).toMatchObject({
      input: [[1, 2], [3]],
      dimensions: 3,
    });
    for (const input of ['', [], ['a', 1], [[]], [[0.5]], [{}], Array(2049).fill('a')])
      await expect(client.create({ model: 'embedding', input: input as never })).rejects.toMatchObject({ status: 400 });
    await expect(client.create({ model: 'embedding', input: 'a', dimensions: 0 })).rejects.toMatchObject({
      param: 'dimensions',
    });
    expect(upstream.visits).toHaveLength(1);
  });
});
