import { expect, it } from 'vitest';
import { schemaMistake } from '../../../testing/providers/gigachat-rules.ts';
import { mapParameters } from './map-schema.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const one = (schema: object) => mapParameters(object({ a: schema })).properties;

it.each<[string, object, object]>([
  ['a property without a type', { description: 'x' }, { type: 'string', description: 'x' }],
  ['a nested object without properties', { type: 'object' }, { type: 'object', properties: {} }],
  ['an object that has only properties', { properties: { b: {} } }, object({ b: { type: 'string' } })],
  ['a list of anything', { type: 'array' }, { type: 'array', items: { type: 'string' } }],
  ['an enum of texts', { enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }],
  [
    'an enum of numbers',
    { enum: [1, 2], description: 'Rank.' },
    { type: 'number', description: 'Rank. One of: 1, 2.' },
  ],
  ['a constant', { const: 'x' }, { type: 'string', enum: ['x'] }],
  ['a text or null', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'string' }],
  ['types of which one is null', { type: ['null', 'integer'] }, { type: 'integer' }],
  ['constants as alternatives', { oneOf: [{ const: 'a' }, { const: 'b' }] }, { type: 'string', enum: ['a', 'b'] }],
  ['a format that it knows', { type: 'string', format: 'date' }, { type: 'string', format: 'date' }],
  ['a format that it does not know', { type: 'string', format: 'uuid' }, { type: 'string' }],
  ['limits', { type: 'integer', minimum: 1, multipleOf: 5 }, { type: 'integer', minimum: 1 }],
  [
    'what it is all of',
    { allOf: [object({ b: { type: 'string' } }, { required: ['b'] }), object({ c: { type: 'number' } })] },
    object({ b: { type: 'string' }, c: { type: 'number' } }, { required: ['b'] }),
  ],
])('maps %s', (_, schema, expected) => {
  expect(one(schema)).toEqual({ a: expected });
});

it('puts definitions where they are referred to, and stops where one refers to itself', () => {
  const schema = object(
    { tenant: { $ref: '#/$defs/Party' }, root: { $ref: '#/$defs/Tree' }, lost: { $ref: '#/$defs/None' } },
    {
      $defs: {
        Party: object({ name: { type: 'string' } }),
        Tree: object({ next: { $ref: '#/$defs/Tree' } }),
      },
      additionalProperties: false,
      required: ['tenant', 'missing'],
    },
  );
  const mapped = mapParameters(schema);
  expect(mapped).toMatchObject({
    required: ['tenant'],
    properties: { tenant: object({ name: { type: 'string' } }), lost: { type: 'string' } },
  });
  expect(schemaMistake(mapped, 'f')).toBeUndefined();
});

it.each([undefined, null, {}, { type: 'string' }, { $ref: '#' }, { anyOf: [{ $ref: '#/anyOf/0' }] }, { type: 'null' }])(
  'makes parameters of %j that are accepted',
  (schema) => {
    const mapped = mapParameters(schema);
    expect(mapped.type).toBe('object');
    expect(schemaMistake(mapped, 'f')).toBeUndefined();
  },
);

it('makes parameters that are accepted of any schema', () => {
  const keys = [
    'type',
    'enum',
    'anyOf',
    'oneOf',
    'allOf',
    'items',
    'properties',
    '$ref',
    'const',
    'format',
    'required',
  ];
  const leaves = [
    'string',
    'object',
    'array',
    'null',
    7,
    true,
    null,
    '#/properties/a',
    'date',
    [1, 'a', null],
    ['string', 'null'],
  ];
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const make = (depth: number): unknown => {
    if (depth === 0 || random(4) === 0) return leaves[random(leaves.length)];
    if (random(3) === 0) return [make(depth - 1), make(depth - 1)];
    const names = Array.from({ length: 1 + random(4) }, () =>
      random(3) === 0 ? 'a' : (keys[random(keys.length)] ?? 'a'),
    );
    return Object.fromEntries(names.map((name) => [name, make(depth - 1)]));
  };
  for (let n = 0; n < 3_000; n += 1) {
    const schema = make(4);
    const mistake = schemaMistake(mapParameters(schema), 'f');
    expect([mistake, mistake && JSON.stringify(schema)]).toEqual([undefined, undefined]);
  }
});
