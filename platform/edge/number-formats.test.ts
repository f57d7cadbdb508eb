import { describe, expect, it } from 'vitest';
import { withNumberFormats } from './number-formats.ts';

const formatOf = (name: string, schema: object) => {
  const { properties } = withNumberFormats({ properties: { [name]: schema } });
  return (properties[name] as { format?: string }).format;
};

describe('withNumberFormats', () => {
  it.each([
    ['bytes', { type: 'integer' }, 'int64'],
    ['total', { type: ['integer', 'null'], minimum: 0 }, 'int64'],
    ['page', { type: ['integer', 'null'] }, 'int32'],
    ['graceSeconds', { type: 'integer', minimum: 0 }, 'int32'],
    ['anything', { type: 'integer', minimum: 1, maximum: 100 }, 'int32'],
    ['page', { type: 'integer', maximum: 2 ** 31 }, 'int64'],
    ['anything', { type: 'integer', minimum: -(2 ** 33), maximum: 1 }, 'int64'],
    ['score', { type: 'number' }, 'double'],
    ['score', { type: 'number', format: 'float' }, 'float'],
    ['words', { type: 'string' }, undefined],
  ])('gives %s of %j the format %s', (name, schema, format) => {
    expect(formatOf(name, schema)).toBe(format);
  });

  it('knows what the items of a list and the values of a parameter are called', () => {
    const integer = { type: 'integer' };
    expect(withNumberFormats({ properties: { pageStarts: { type: 'array', items: integer } } })).toMatchObject({
      properties: { pageStarts: { items: { format: 'int32' } } },
    });
    expect(withNumberFormats({ parameters: [{ name: 'page', in: 'query', schema: integer }] })).toMatchObject({
      parameters: [{ schema: { format: 'int32' } }],
    });
  });

  it('leaves examples and constants alone', () => {
    const schema = { type: 'object', example: { type: 'integer' }, default: { type: 'number' } };
    expect(withNumberFormats(schema)).toEqual(schema);
  });
});
