import { describe, expect, it } from 'vitest';
import { composeOpenApi } from './openapi.ts';

const one = { paths: { '/a': { get: {} } }, components: { schemas: { Problem: { type: 'object' } } } };

describe('composeOpenApi', () => {
  it('puts the parts of all functions together, whatever order they come in', () => {
    const two = { paths: { '/b': { get: {} } }, components: { schemas: { Problem: { type: 'object' }, B: {} } } };
    const composed = composeOpenApi({ two, one }, '7');
    expect(composed).toMatchObject({
      ...{ openapi: '3.1.0', info: { title: 'Pandect', version: '7' }, paths: { '/a': {}, '/b': {} } },
      components: { schemas: { Problem: {}, B: {} }, securitySchemes: { bearer: { scheme: 'bearer' } } },
    });
    expect(JSON.stringify(composeOpenApi({ one, two }, '7'))).toBe(JSON.stringify(composed));
  });

  it('takes a function that describes nothing', () => {
    expect(composeOpenApi({ empty: {}, one }, '7')).toMatchObject({ paths: { '/a': {} } });
  });

  it('refuses a path that two describe', () => {
    expect(() => composeOpenApi({ one, two: { paths: { '/a': { post: {} } } } }, '7')).toThrow(
      'Compose API of "two": path "/a" is described twice',
    );
  });

  it('refuses a schema that two describe differently', () => {
    const two = { components: { schemas: { Problem: { type: 'string' } } } };
    expect(() => composeOpenApi({ one, two }, '7')).toThrow(
      'Compose API of "two": schemas "Problem" is described twice and differently',
    );
  });
});
