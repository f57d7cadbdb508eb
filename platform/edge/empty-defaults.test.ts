import { expect, it } from 'vitest';
import { withoutEmptyDefaults } from './empty-defaults.ts';

it.each([null, {}])('takes the default %j away', (nothing) => {
  const schema = { type: ['object', 'null'], default: nothing };
  expect(withoutEmptyDefaults({ properties: { settings: schema } })).toEqual({
    properties: { settings: { type: ['object', 'null'] } },
  });
});

it.each([0, false, '', [], { a: 1 }])('leaves the default %j', (something) => {
  const schema = { properties: { size: { default: something } } };
  expect(withoutEmptyDefaults(schema)).toEqual(schema);
});

it('leaves a property that is called default', () => {
  const schema = { properties: { default: {}, properties: { properties: { default: {} } } } };
  expect(withoutEmptyDefaults(schema)).toEqual(schema);
});
