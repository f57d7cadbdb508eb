import { expect, it } from 'vitest';
import { createBoot } from '../../../platform/runtime/boot.ts';
import { imageCallbacks } from './provide-callbacks.ts';
import { imageCatalogue } from './provide-catalogue.ts';
import { imageModels } from './provide-image-models.ts';

/** Providers of a process with these settings. */
const booted = (source: Record<string, string>) =>
  createBoot('images', { ...source, LOG_LEVEL: 'error', ENABLE_METRICS: 'false' }).useAll({
    imageCatalogue,
    imageModels,
  });

it('draws without any setting', async () => {
  const made = await booted({});
  expect(made.imageCatalogue.models().map(({ name }) => name)).toEqual(['local']);
  expect(made.imageModels.find('local')?.endpoint).toBe('local');
  expect(made.imageModels.modelOf('local')).toBe(made.imageModels.modelOf('local'));
});

it('opens each provider with its settings', async () => {
  const made = await booted({
    ...{
      IMAGE_PROVIDERS: 'fal,runpod,openai',
      FAL_KEY: 'k',
      RUNPOD_API_KEY: 'k',
      RUNPOD_ENDPOINT: 'abc',
      OPENAI_API_KEY: 'k',
    },
  });
  expect(new Set(made.imageModels.models().map(({ provider }) => provider))).toEqual(
    new Set(['fal', 'runpod', 'openai']),
  );
  for (const provider of ['fal', 'runpod', 'openai'] as const) expect(made.imageModels.modelOf(provider)).toBeDefined();
});

it('opens no provider without its key, and names none', async () => {
  const made = await booted({ IMAGE_PROVIDERS: 'fal', RUNPOD_API_KEY: 'secret' });
  expect(() => made.imageModels.modelOf('fal')).toThrow('FAL_KEY is missing');
});

it.each(['', 'local,local', 'dall-e', 'local,,fal,'])('reads IMAGE_PROVIDERS=%s', async (value) => {
  const read = booted({ IMAGE_PROVIDERS: value, FAL_KEY: 'k' });
  if (value === '' || value === 'local,,fal,') await expect(read).resolves.toBeDefined();
  else await expect(read).rejects.toThrow('IMAGE_PROVIDERS');
});

it('reads callbacks without any key, of providers that call back', async () => {
  const { callbacks } = await createBoot('images', { LOG_LEVEL: 'error', ENABLE_METRICS: 'false' }).useAll({
    callbacks: imageCallbacks,
  });
  const body = Buffer.from('{"id":"abc-e1","request_id":"abc","status":"COMPLETED"}');
  const read = async (provider: string) => callbacks.modelOf(provider).readCallback?.(new Headers(), body, 'endpoint');
  expect(await read('runpod')).toMatchObject({ reference: 'endpoint/abc-e1' });
  for (const provider of ['fal', 'openai', 'local', 'nonsense']) expect(await read(provider)).toBeUndefined();
});
