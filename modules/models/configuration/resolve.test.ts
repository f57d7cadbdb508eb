import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../platform/kernel/environment.ts';
import { checkDocument } from './check-document.ts';
import type { GatewayDocument } from './contract.ts';
import { environmentVariables, fromEnvironment } from './from-environment.ts';
import { keyNames, secretsFrom } from './key-source.ts';
import { type Resolution, resolve } from './resolve.ts';

const settings = (source: Record<string, string>) => readEnvironment(environmentVariables, source);
const resolution = (source: Record<string, string> = {}, entered: [string, string][] = []): Resolution => ({
  version: 3,
  secretOf: secretsFrom(settings(source), new Map(entered)),
  files: new Map([['GIGACHAT_CA_PATH', '/ca.pem']]),
  defaults: {
    limits: { bodyBytes: 1, responseBytes: 2, mediaBodyBytes: 3, concurrent: 4 },
    breaker: { failures: 5, resetMs: 30_000 },
    timeouts: { connectMs: 10, firstMs: 20, idleMs: 30, totalMs: 40 },
    cacheSeconds: 300,
  },
});

const document: GatewayDocument = {
  version: 1,
  providers: {
    openai: {
      kind: 'openai',
      base: 'https://a.example/v1/',
      keys: [
        { env: 'OPENAI_API_KEY', weight: 2, rpm: 500 },
        { secret: 'second', concurrency: 3 },
      ],
      timeouts: { first: '5s' },
    },
    giga: { kind: 'gigachat', ca: 'GIGACHAT_CA_PATH', keys: [{ env: 'GIGACHAT_KEY' }], options: { scope: 'S' } },
    ollama: { kind: 'openai', base: 'http://127.0.0.1:11434/v1' },
  },
  models: {
    gpt: { provider: 'openai', name: 'gpt-5', can: ['tools'], price: 'p', maxOutput: 9 },
    giga: { provider: 'giga', name: 'GigaChat-2' },
    embed: { provider: 'ollama', name: 'bge', can: ['embeddings'] },
  },
  routes: {
    default: { targets: ['gpt', 'giga'], retry: { attempts: 2, budget: '1m', on: ['429'] } },
    gpt: { targets: { gpt: 8, giga: 2 }, cache: true, drop: true },
    kept: { targets: ['giga'], cache: '2m' },
  },
  limits: { body: '2KiB' },
  breaker: { reset: '1m' },
};

describe('resolve', () => {
  it('joins routes, targets, providers and keys, with the defaults of what is not said', () => {
    const made = resolve(document, resolution({ OPENAI_API_KEY: 'k', GIGACHAT_KEY: 'g' }, [['second', 's']]));
    expect(made).toMatchObject({
      version: 3,
      limits: { bodyBytes: 2048, responseBytes: 2, mediaBodyBytes: 3, concurrent: 4 },
      breaker: { failures: 5, resetMs: 60_000 },
      logging: { keepMs: 604_800_000 },
    });
    const route = made.route('default');
    expect(route).toMatchObject({
      strategy: 'order',
      retry: { attempts: 2, budgetMs: 60_000, on: ['429'] },
      drop: false,
    });
    expect(route?.targets.map(({ target }) => target.name)).toEqual(['gpt', 'giga']);
    const [gpt, giga] = route?.targets.map(({ target }) => target) ?? [];
    expect(gpt).toEqual({
      name: 'gpt',
      model: 'gpt-5',
      can: ['chat', 'tools'],
      price: 'p',
      maxOutput: 9,
      provider: {
        name: 'openai',
        kind: 'openai',
        baseUrl: 'https://a.example/v1',
        keys: [
          { id: 'openai/OPENAI_API_KEY', secret: 'k', weight: 2, rpm: 500 },
          { id: 'openai/second', secret: 's', weight: 1, concurrency: 3 },
        ],
        timeouts: { connectMs: 10, firstMs: 5000, idleMs: 30, totalMs: 40 },
        options: {},
      },
    });
    expect(giga).toMatchObject({
      can: ['chat', 'tools', 'vision', 'json'],
      price: 'GigaChat-2',
      provider: { baseUrl: 'https://gigachat.devices.sberbank.ru/api/v1', caPath: '/ca.pem', options: { scope: 'S' } },
    });
  });

  it('lets a model that does not say do what its kind can do of a conversation', () => {
    const canOf = (provider: GatewayDocument['providers'][string]) =>
      resolve(
        { version: 1, providers: { one: provider }, models: { m: { provider: 'one', name: 'm' } }, routes: {} },
        resolution(),
      ).targets()[0]?.can;
    expect(canOf({ kind: 'anthropic' })).toEqual(['chat', 'tools', 'vision', 'json']);
    expect(canOf({ kind: 'local' })).toEqual(['chat']);
  });

  it('gives keys of GigaChat the calls at once that their scope has, unless it says otherwise', () => {
    const concurrencyOf = (scope: string | undefined, key: object = {}) => {
      const options = scope === undefined ? {} : { scope };
      const giga = { kind: 'gigachat' as const, keys: [{ env: 'GIGACHAT_KEY' as const, ...key }], options };
      const made = resolve(
        { ...document, providers: { ...document.providers, giga } },
        resolution({ GIGACHAT_KEY: 'g' }),
      );
      return made.route('giga')?.targets[0]?.target.provider.keys.map(({ concurrency }) => concurrency);
    };
    expect(concurrencyOf(undefined)).toEqual([1]);
    expect(concurrencyOf('GIGACHAT_API_PERS')).toEqual([1]);
    expect(concurrencyOf('GIGACHAT_API_CORP')).toEqual([10]);
    expect(concurrencyOf('GIGACHAT_API_PERS', { concurrency: 3 })).toEqual([3]);
  });

  it('finds a route first, then a model by itself, and nothing else', () => {
    const made = resolve(document, resolution());
    expect(made.route('gpt')).toMatchObject({ strategy: 'weighted', cacheSeconds: 300, drop: true });
    expect(made.route('gpt')?.targets.map(({ weight }) => weight)).toEqual([8, 2]);
    expect(made.route('kept')?.cacheSeconds).toBe(120);
    expect(made.route('embed')).toMatchObject({ strategy: 'order', cacheSeconds: 0, targets: [{ weight: 1 }] });
    for (const name of ['gpt-5', 'constructor', '__proto__', '']) expect(made.route(name)).toBeUndefined();
    expect(made.routes().map(({ name }) => name)).toEqual(['default', 'gpt', 'kept']);
    expect(made.targets().map(({ name }) => name)).toEqual(['gpt', 'giga', 'embed']);
  });

  it('leaves keys out that are not there, and asks a provider that names none without one', () => {
    const made = resolve(document, resolution({ OPENAI_API_KEY: 'k' }));
    const keys = made.targets().map(({ provider }) => provider.keys.map(({ id, secret }) => [id, secret]));
    expect(keys).toEqual([[['openai/OPENAI_API_KEY', 'k']], [], [['ollama', '']]]);
    const targetsOf = (route: string) => made.route(route)?.targets.map(({ target }) => target.name);
    expect(targetsOf('default')).toEqual(['gpt']);
    expect(targetsOf('kept')).toEqual(['giga']);
  });

  it('never reads a variable that is not meant for keys', () => {
    const secretOf = secretsFrom(settings({ OPENAI_API_KEY: 'k', AI_MODEL_STANDARD: 'm' }), new Map());
    expect(secretOf({ env: 'AI_MODEL_STANDARD' })).toBeUndefined();
    expect(secretOf({ env: 'OPENAI_API_KEY' })).toBe('k');
  });

  it('puts keys of an organization in place of the platform’s', () => {
    const ownKeys = new Map([['openai', { id: 'openai/own', secret: 'theirs', weight: 1 }]]);
    const made = resolve(document, { ...resolution({ OPENAI_API_KEY: 'k', GIGACHAT_KEY: 'g' }), ownKeys });
    expect(made.targets().map(({ provider }) => provider.keys.map(({ secret }) => secret))).toEqual([
      ['theirs'],
      ['g'],
      [''],
    ]);
  });

  it.each<[Partial<GatewayDocument>, string]>([
    [{ models: { gpt: { provider: 'gone', name: 'x' } } }, 'Resolve model "gpt": there is no provider "gone"'],
    [{ routes: { a: { targets: ['gone'] } } }, 'Resolve route "a": there is no model "gone"'],
    [{ limits: { body: 'much' } }, '"much" is neither a duration nor a size'],
    [{ providers: { x: { kind: 'newer' as never } } }, 'Resolve provider "x": unknown kind "newer"'],
  ])('refuses what cannot be put together: %j', (change, message) => {
    expect(() => resolve({ ...document, ...change }, resolution())).toThrow(message);
  });
});

describe('fromEnvironment', () => {
  const names = (source: Record<string, string>) => {
    const made = resolve(fromEnvironment(settings(source)), resolution(source));
    const of = (route: string) =>
      made.route(route)?.targets.map(({ target }) => `${target.provider.name} ${target.model}`);
    return { default: of('default'), advanced: of('advanced'), embedding: of('embedding') };
  };

  it('serves by the local provider without any key', () => {
    expect(names({})).toEqual({
      default: ['local local-extractive'],
      advanced: ['local local-extractive'],
      embedding: ['local local-lexical-3'],
    });
  });

  it('serves by the providers whose keys are set, in a fixed order', () => {
    expect(names({ OPENAI_API_KEY: 'k', AI_MODEL_ADVANCED: 'gpt-5' })).toEqual({
      default: ['openai gpt-3.5-turbo'],
      advanced: ['openai gpt-5'],
      embedding: ['openai text-embedding-3-small'],
    });
    expect(names({ GIGACHAT_KEY: 'k' })).toEqual({
      default: ['gigachat GigaChat-2'],
      advanced: ['gigachat GigaChat-2-Max'],
      embedding: ['gigachat Embeddings'],
    });
    const azure = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_BASE_URL: 'https://a.example' };
    expect(names({ GIGACHAT_KEY: 'k', OPENAI_API_KEY: 'k', ...azure }).default).toEqual([
      'openai gpt-3.5-turbo',
      'azure gpt-3.5-turbo',
      'gigachat GigaChat-2',
    ]);
  });

  it('embeds where ingestion does', () => {
    const ollama = { AI_EMBEDDING_BASE_URL: 'http://127.0.0.1:1/v1', AI_EMBEDDING_MODEL: 'bge-m3' };
    expect(names({ ...ollama, GIGACHAT_KEY: 'k' }).embedding).toEqual(['embedding bge-m3']);
    expect(names({ OPENAI_API_KEY: 'k', AI_EMBEDDING_MODEL: 'local' }).embedding).toEqual(['local local-lexical-3']);
    expect(names({ OPENAI_API_KEY: 'k', AI_EMBEDDING_API_KEY: 'e' }).embedding).toEqual([
      'embedding text-embedding-3-small',
    ]);
  });

  it('makes documents that are good by themselves', () => {
    const source = Object.fromEntries(keyNames.map((name) => [name, 'k']));
    const all = settings({
      ...source,
      YANDEX_FOLDER: 'b1g',
      AZURE_OPENAI_BASE_URL: 'https://a.example',
      GIGACHAT_CA_PATH: '/ca.pem',
    });
    const document = fromEnvironment(all);
    const hosts = ['api.openai.com', 'api.anthropic.com', 'api.cohere.ai', 'a.example', 'ai.api.cloud.yandex.net'];
    const giga = ['gigachat.devices.sberbank.ru', 'ngw.devices.sberbank.ru:9443'];
    const allowed = {
      environment: new Map(keyNames.map((name) => [name, true])),
      files: new Map([['GIGACHAT_CA_PATH', true]]),
      secrets: new Set<string>(),
      hosts: [...hosts, ...giga],
    };
    expect(checkDocument(structuredClone(document), allowed)).toEqual(document);
    expect(JSON.stringify(document)).not.toContain('"k"');
  });
});
