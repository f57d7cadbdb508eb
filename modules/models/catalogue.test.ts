import { expect, it } from 'vitest';
import { createCatalogue } from './catalogue.ts';

const models = { standard: 'small', advanced: 'large' };

it('names the models of the settings by their aliases', () => {
  const catalogue = createCatalogue({ apiKey: 'k', models });
  const large = { alias: 'advanced', provider: 'openai', model: 'large', price: 'large' };
  expect(catalogue.model('advanced')).toMatchObject(large);
  expect(catalogue.models.map(({ model }) => model)).toEqual(['small', 'large']);
});

it.each([undefined, ''])('stands for the local provider without a key: %j', (apiKey) => {
  const { models: all } = createCatalogue({ apiKey, models });
  expect(all.map(({ provider, model }) => [provider, model])).toEqual([
    ['local', 'local-extractive'],
    ['local', 'local-extractive'],
  ]);
});
