import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createChatModel } from './create-chat-model.ts';

const settings = {
  apiKey: undefined,
  baseUrl: 'https://api.example.com/v1',
  timeoutMs: 1_000,
  allowedHosts: ['api.example.com'],
};

describe('chat model of the configuration', () => {
  it('is not made for a host that is not allowed', async () => {
    await expect(createChatModel({ ...settings, apiKey: 'sk-test', allowedHosts: [] })).rejects.toThrow(
      'OUTBOUND_WHITELIST',
    );
  });

  it('does not load the client library for the local one', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = new Set();
      registerHooks({ resolve: (name, context, next) => next(name, context, loaded.add(name)) });
      const { createChatModel } = await import(${JSON.stringify(new URL('./create-chat-model.ts', import.meta.url).href)});
      await createChatModel(${JSON.stringify(settings)});
      const before = loaded.has('openai');
      await createChatModel(${JSON.stringify({ ...settings, apiKey: 'sk-test' })});
      process.stdout.write([before, loaded.has('openai')].join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toBe('false,true');
  });
});
