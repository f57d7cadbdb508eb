import { describe, expect, it } from 'vitest';
import { composeOpenApi } from './openapi.ts';

const one = { paths: { '/a': { get: {} } }, components: { schemas: { Problem: { type: 'object' } } } };

const about = { version: '7', title: 'Pandect', gatewayPath: '/v1' };

describe('composeOpenApi', () => {
  it('bears the name of the project, and the path of the gateway', () => {
    const gateway = { paths: { '/v1/models': { get: {} }, '/v10': { get: {} } } };
    expect(composeOpenApi({ gateway, one }, { ...about, title: 'Lex', gatewayPath: '/llm/v2' })).toMatchObject({
      info: { title: 'Lex' },
      paths: { '/llm/v2/models': { get: {} }, '/v10': { get: {} }, '/a': {} },
    });
  });

  it('puts the parts of all functions together, whatever order they come in', () => {
    const two = { paths: { '/b': { get: {} } }, components: { schemas: { Problem: { type: 'object' }, B: {} } } };
    const composed = composeOpenApi({ two, one }, about);
    expect(composed).toMatchObject({
      ...{ openapi: '3.1.0', info: { title: 'Pandect', version: '7' }, paths: { '/a': {}, '/b': {} } },
      components: { schemas: { Problem: {}, B: {} }, securitySchemes: { bearer: { scheme: 'bearer' } } },
    });
    expect(JSON.stringify(composeOpenApi({ one, two }, about))).toBe(JSON.stringify(composed));
  });

  it('takes a function that describes nothing', () => {
    expect(composeOpenApi({ empty: {}, one }, about)).toMatchObject({ paths: { '/a': {} } });
  });

  it('refuses a path that two describe', () => {
    expect(() => composeOpenApi({ one, two: { paths: { '/a': { post: {} } } } }, about)).toThrow(
      'Compose API of "two": path "/a" is described twice',
    );
  });

  it('refuses an operationId that two operations have', () => {
    const of = (path: string) => ({ paths: { [path]: { get: { operationId: 'getIt' } } } });
    expect(() => composeOpenApi({ one: of('/a'), two: of('/b') }, about)).toThrow(
      'Compose API of "two": operationId "getIt" is used twice',
    );
  });

  it('gives numbers formats', () => {
    const schemas = { File: { properties: { bytes: { type: 'integer' } } } };
    expect(composeOpenApi({ one: { components: { schemas } } }, about)).toMatchObject({
      components: { schemas: { File: { properties: { bytes: { type: 'integer', format: 'int64' } } } } },
    });
  });

  it('refuses a schema that two describe differently', () => {
    const two = { components: { schemas: { Problem: { type: 'string' } } } };
    expect(() => composeOpenApi({ one, two }, about)).toThrow(
      'Compose API of "two": schemas "Problem" is described twice and differently',
    );
  });
});
