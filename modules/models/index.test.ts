import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAiProvider } from './index.ts';

const settings = {
  apiKey: undefined,
  baseUrl: 'https://api.example.com/v1',
  models: { standard: 'small', advanced: 'large' },
  timeoutMs: 1_000,
  allowedHosts: ['api.example.com'],
};

describe('AI provider of the configuration', () => {
  it('is the local one without a key and the remote one with it', async () => {
    expect((await createAiProvider(settings)).name).toBe('local');
    expect((await createAiProvider({ ...settings, apiKey: '' })).name).toBe('local');
    const remote = await createAiProvider({ ...settings, apiKey: 'sk-test' });
    expect([remote.name, remote.model('advanced')]).toEqual(['openai', 'large']);
  });

  it('is not made for a host that is not allowed', async () => {
    await expect(createAiProvider({ ...settings, apiKey: 'sk-test', allowedHosts: [] })).rejects.toThrow(
      'OUTBOUND_WHITELIST',
    );
  });

  it('does not load the client library for the local one', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = new Set();
      registerHooks({ resolve: (name, context, next) => next(name, context, loaded.add(name)) });
      const { createAiProvider } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      await createAiProvider(${JSON.stringify(settings)});
      const before = loaded.has('openai');
      await createAiProvider(${JSON.stringify({ ...settings, apiKey: 'sk-test' })});
      process.stdout.write([before, loaded.has('openai')].join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toBe('false,true');
  });
});
