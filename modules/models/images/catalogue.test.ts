import { describe, expect, it } from 'vitest';
import { createImageCatalogue, misfitOf, type OfferedModel } from './catalogue.ts';
import { imageProviderNames } from './provider-names.ts';

const every = createImageCatalogue(imageProviderNames, 'abc123');

describe('the models of all providers', () => {
  it('have names of their own', () => {
    const names = every.models().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(every.models().map(({ provider }) => provider)).size).toBe(imageProviderNames.length);
  });

  it.each(every.models().map((model) => [model.name, model] as const))('offer the default size of %s', (_, model) => {
    expect(misfitOf(model, { ...model.defaultSize, count: 1, prompt: 'A ship' })).toBeUndefined();
    expect(model.endpoint).not.toBe('');
  });
});

it('offers the models of enabled providers, in their order', () => {
  const { models, find } = createImageCatalogue(['openai', 'local'], undefined);
  expect(models().map(({ provider }) => provider)).toEqual(['openai', 'openai', 'local']);
  expect(find('local')?.provider).toBe('local');
  expect(find('flux-dev')).toBeUndefined();
});

it('calls the endpoint of the operator at RunPod', () => {
  expect(every.find('runpod')?.endpoint).toBe('abc123');
});

const ship = { width: 1024, height: 1024, count: 1, prompt: 'A ship' };
it.each<[string, object, string | undefined]>([
  ['flux-dev', { width: 1000 }, 'size'],
  ['flux-dev', { width: 1536, height: 1024 }, undefined],
  ['flux-dev', { width: 1536, height: 256 }, 'size'],
  ['flux-dev', { width: 4096 }, 'size'],
  ['flux-dev', { width: -1024 }, 'size'],
  ['flux-dev', { width: Number.NaN }, 'size'],
  ['flux-dev', { width: 1024.5 }, 'size'],
  ['gpt-image-mini', { width: 512, height: 512 }, 'size'],
  ['gpt-image-mini', { width: 1536, height: 1024 }, undefined],
  ['gpt-image', { width: 2560, height: 1440 }, undefined],
  ['gpt-image', { width: 2560, height: 2560 }, 'size'],
  ['local', { count: 0 }, 'count'],
  ['local', { count: 5 }, 'count'],
  ['local', { count: 1.5 }, 'count'],
  ['local', { prompt: '🎩'.repeat(4_000) }, undefined],
  ['local', { prompt: 'a'.repeat(4_001) }, 'prompt'],
])('says of %s and %j what it does not make: %s (case 36)', (name, more, misfit) => {
  expect(misfitOf(every.find(name) as OfferedModel, { ...ship, ...more })).toBe(misfit);
});
