import { describe, expect, it } from 'vitest';
import { createCatalogue } from './catalogue.ts';
import { resolve } from './configuration/resolve.ts';

const defaults = {
  limits: { bodyBytes: 1, responseBytes: 2, mediaBodyBytes: 3, concurrent: 4 },
  breaker: { failures: 5, resetMs: 30_000 },
  timeouts: { connectMs: 10, firstMs: 20, idleMs: 30, totalMs: 40 },
  cacheSeconds: 300,
};

/** The catalogue of a document with these routes. */
const catalogueOf = (
  routes: Record<string, { targets: string[] | Record<string, number>; strategy?: 'weighted' }>,
  version = 1,
) => {
  const models = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [name, { provider: 'local', name: `model-${name}` }]),
  );
  const document = {
    ...{ version: 1 as const, providers: { local: { kind: 'local' as const } }, routes },
    models: { ...models, vectors: { provider: 'local', name: 'v', can: ['embeddings' as const] } },
  };
  const secretOf = () => undefined;
  const configuration = resolve(document, { version, secretOf, files: new Map(), defaults });
  return createCatalogue({ of: async () => configuration }, () => ({ stream: () => [] as never }));
};
const modelsOf = async (...given: Parameters<typeof catalogueOf>) => catalogueOf(...given).of('org');
const names = ({ models }: Awaited<ReturnType<typeof modelsOf>>['standard']) =>
  models.map(({ route, target }) => `${route} ${target.name}`);

describe('the models behind the aliases of plans', () => {
  it('are the targets of their routes, then those of standard, none twice', async () => {
    const { standard, advanced } = await modelsOf({
      standard: { targets: ['a', 'b'] },
      advanced: { targets: ['c', 'b'] },
    });
    expect(names(standard)).toEqual(['standard a', 'standard b']);
    expect(names(advanced)).toEqual(['advanced c', 'advanced b', 'standard a']);
  });

  it('are those of default where the document has no such route', async () => {
    const { advanced } = await modelsOf({ default: { targets: ['b'] } });
    expect(names(advanced)).toEqual(['default b']);
  });

  it('are drawn by weight, the last ones of weight 0', async () => {
    const { standard } = await modelsOf({ standard: { strategy: 'weighted', targets: { a: 0, b: 1, c: 0 } } });
    expect(names(standard)[0]).toBe('standard b');
    expect(names(standard)).toHaveLength(3);
  });

  it('leave out what does not converse, and are refused where nothing is left', async () => {
    expect(names((await modelsOf({ standard: { targets: ['vectors', 'a'] } })).standard)).toEqual(['standard a']);
    for (const routes of [{ standard: { targets: ['vectors'] } }, { other: { targets: ['a'] } }])
      await expect(modelsOf(routes)).rejects.toMatchObject({ name: 'AiFailure', reason: 'refused' });
  });

  it('have the time of their route, and that of the request without a document', async () => {
    const routes = { standard: { targets: ['a'] } };
    expect((await modelsOf(routes)).standard.retry.budgetMs).toBe(20_000);
    expect((await modelsOf(routes, 0)).standard.retry.budgetMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the models of a route by its name', () => {
  const catalogue = catalogueOf({ standard: { targets: ['a', 'b'] }, readings: { targets: ['c', 'b'] } });

  it('are its targets, then those of standard', async () => {
    expect(names(await catalogue.route('org', 'readings'))).toEqual(['readings c', 'readings b', 'standard a']);
  });

  it('are those of standard without a name, or with one that the configuration does not have', async () => {
    for (const name of [undefined, 'gone'])
      expect(names(await catalogue.route('org', name))).toEqual(['standard a', 'standard b']);
  });
});
