import { describe, expect, it } from 'vitest';
import { chatDialect } from '../../dialects/index.ts';
import { askAdapter, callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { createLocalAdapter } from './adapter.ts';

const adapter = createLocalAdapter(chatDialect);
const tested = {
  adapter,
  provider: providerOf('local', 'http://local.invalid'),
  key: keyOf(''),
  model: 'local-extractive',
  embeddingModel: 'local-lexical-3',
  can: {},
  close: async () => {},
};

describeAdapter('local', async () => tested);

describe('the local adapter', () => {
  it('refuses what is no conversation, as a server would', async () => {
    const { failure } = await askAdapter(tested, chatDialect, { messages: [{ role: 'user', content: 'Hi' }], n: 2 });
    expect(failure).toMatchObject({ reason: 'refused', status: 400, parameter: 'n', code: 'invalid_value' });
  });

  it('embeds with as many numbers as are asked for', async () => {
    const embed = async (dimensions: number) => {
      const request = await adapter.embeddings?.write({ input: ['rent'], dimensions }, callOf(tested));
      if (!request) throw new Error('Write embeddings: no request');
      return adapter.answer?.(request, AbortSignal.timeout(1_000));
    };
    expect((await embed(64))?.status).toBe(200);
    expect((await embed(5_000))?.status).toBe(400);
  });

  it('ends when its caller left', async () => {
    const request = await adapter.chat(chatDialect, { messages: [], stream: true }, callOf(tested));
    await expect(adapter.answer?.(request, AbortSignal.abort())).rejects.toThrow('abort');
  });
});
