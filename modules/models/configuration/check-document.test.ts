import { expect, it } from 'vitest';
import { checkDocument, DocumentMistakes } from './check-document.ts';
import type { Allowed } from './check-references.ts';

const allowed: Allowed = {
  environment: new Map([
    ['OPENAI_API_KEY', true],
    ['GIGACHAT_KEY', false],
  ]),
  files: new Map([['GIGACHAT_CA_PATH', false]]),
  secrets: new Set(['second']),
  hosts: ['api.openai.com', 'gigachat.devices.sberbank.ru', '127.0.0.1:11434'],
};
const good = {
  version: 1,
  providers: {
    openai: {
      kind: 'openai',
      keys: [{ env: 'OPENAI_API_KEY', weight: 2, rpm: 500 }, { secret: 'second' }],
      timeouts: { connect: '300ms', first: '30s' },
    },
    ollama: { kind: 'openai', base: 'http://127.0.0.1:11434/v1' },
  },
  models: {
    gpt: { provider: 'openai', name: 'gpt-5-mini', can: ['tools', 'vision'], price: 'gpt-5-mini', maxOutput: 4096 },
    qwen: { provider: 'ollama', name: 'qwen3:8b' },
  },
  routes: {
    default: {
      strategy: 'order',
      targets: ['gpt', 'qwen'],
      retry: { attempts: 3, budget: '20s', on: ['connect', '429'] },
    },
    cheap: { targets: { qwen: 8, gpt: 2 }, cache: '300s', drop: true },
    kept: { targets: ['gpt'], cache: true },
  },
  limits: { body: '512KiB', response: '2MiB', concurrent: 200, mediaBody: '20MiB' },
  breaker: { failures: 5, reset: '30s' },
  logging: { keep: '7d' },
};
const mistakesOf = (change: object): readonly string[] => {
  try {
    checkDocument({ ...structuredClone(good), ...change }, allowed);
  } catch (error) {
    if (error instanceof DocumentMistakes) return error.mistakes;
    throw error;
  }
  return [];
};

it('returns a good document as it is', () => {
  expect(checkDocument(structuredClone(good), allowed)).toEqual(good);
});

it.each<[object, string[]]>([
  [{ verison: 1 }, ['verison: unknown field; did you mean "version"?']],
  [{ version: 2 }, ['version: must be 1']],
  [{ providers: undefined, models: {}, routes: {} }, ['providers: missing']],
  [{ limits: { body: '512KB' } }, ['limits.body: must be a size such as 512KiB, from 1KiB to 1024MiB']],
  [{ breaker: { reset: 30 } }, ['breaker.reset: must be a duration such as 300ms, 3s or 7d, from 1s to 1h']],
  [{ breaker: { failures: 0 } }, ['breaker.failures: must be a whole number from 1 to 100']],
  [{ logging: { keep: '2m' } }, ['logging.keep: must be a duration such as 300ms, 3s or 7d, from 1h to 365d']],
])('names what is wrong in form: %j', (change, mistakes) => {
  expect(mistakesOf(change)).toEqual(mistakes);
});

it.each<[object, string[]]>([
  [{ kind: 'opanai' }, ['kind: must be one of openai, azure, anthropic, gigachat, yandex, cohere, local']],
  [{ kind: 'openai', timeout: { first: '3s' } }, ['timeout: unknown field; did you mean "timeouts"?']],
  [{ kind: 'openai', timeouts: { frist: '3s' } }, ['timeouts.frist: unknown field; did you mean "first"?']],
  [
    { kind: 'openai', base: 'ftp://x' },
    ['base: must be a URL with http: or https:, without a login, query or fragment'],
  ],
  [{ kind: 'openai', base: 'https://evil.example/v1' }, ['base: "evil.example" is not in OUTBOUND_WHITELIST']],
  [
    { kind: 'openai', keys: [{ env: 'DATABASE_URL' }] },
    [
      'keys[0].env: "DATABASE_URL" is not a variable that processes are given; these are: OPENAI_API_KEY, GIGACHAT_KEY. For any other key run pandect gateway secret set NAME, and write secret: NAME',
    ],
  ],
  [{ kind: 'openai', keys: [{ env: 'GIGACHAT_KEY' }] }, ['keys[0].env: GIGACHAT_KEY is not set']],
  [
    { kind: 'openai', keys: [{ secret: 'third' }] },
    ['keys[0].secret: there is no key "third"; enter it by pandect gateway secret set third'],
  ],
  [{ kind: 'openai', keys: [{ weight: 1 }] }, ['keys[0]: must name either env or secret']],
  [
    { kind: 'openai', keys: [{ secret: 'second', env: 'OPENAI_API_KEY' }] },
    ['keys[0]: must name either env or secret'],
  ],
  [
    { kind: 'openai', keys: [{ key: 'sk-very-secret' }] },
    ['keys[0].key: unknown field', 'keys[0]: must name either env or secret'],
  ],
  [
    { kind: 'openai', keys: [{ secret: 'second' }, { secret: 'second' }] },
    ['keys[1]: names the same key as an earlier one'],
  ],
  [{ kind: 'azure' }, ['base: missing: kind azure has no usual address', 'keys: missing: kind azure needs a key']],
  [
    { kind: 'gigachat', ca: 'russian.pem', options: { scop: 'x', oauthUrl: 1 }, keys: [{ secret: 'second' }] },
    [
      'ca: "russian.pem" is not a variable that may name a PEM file; these are: GIGACHAT_CA_PATH',
      'options.oauthUrl: must be a string',
      'options.scop: kind gigachat has no such option; did you mean "scope"?',
    ],
  ],
  [
    { kind: 'gigachat', ca: 'GIGACHAT_CA_PATH', keys: [{ secret: 'second' }] },
    [
      'ca: GIGACHAT_CA_PATH is not set',
      'options.oauthUrl: "ngw.devices.sberbank.ru:9443" is not in OUTBOUND_WHITELIST',
    ],
  ],
  [
    { kind: 'yandex', base: 'https://api.openai.com', keys: [{ secret: 'second' }] },
    ['options.folder: missing: kind yandex needs it'],
  ],
])('names what is wrong with a provider: %j', (provider, mistakes) => {
  expect(mistakesOf({ providers: { ...good.providers, other: provider } })).toEqual(
    mistakes.map((mistake) => `providers.other.${mistake}`),
  );
});

it.each<[string, string[], string[]]>([
  [
    'anthropic',
    ['chat', 'embeddings'],
    ['can[1]: kind anthropic cannot do embeddings; it can do chat, tools, vision, json'],
  ],
  ['local', ['embeddings', 'tools'], ['can[1]: kind local cannot do tools; it can do chat, embeddings']],
  [
    'gigachat',
    ['speech', 'embeddings', 'rerank'],
    ['speech', 'rerank'].map(
      (what, index) =>
        `can[${index * 2}]: kind gigachat cannot do ${what}; it can do chat, tools, vision, json, embeddings`,
    ),
  ],
  ['cohere', ['rerank', 'embeddings', 'vision'], []],
  ['openai', ['rerank', 'speech', 'transcription', 'images'], []],
])('names what a model cannot do as its provider is of kind %s: %j', (kind, can, mistakes) => {
  const { openai } = good.providers;
  const base = kind === 'local' ? {} : { base: 'https://api.openai.com/v1', keys: openai.keys };
  const options = kind === 'gigachat' ? { options: { oauthUrl: 'https://api.openai.com/oauth' } } : {};
  const providers = { ...good.providers, other: { kind, ...base, ...options } };
  const models = { ...good.models, one: { provider: 'other', name: 'one', can } };
  expect(mistakesOf({ providers, models })).toEqual(mistakes.map((mistake) => `models.one.${mistake}`));
});

it.each<[object, string[]]>([
  [{ targets: ['gpt', 'gtp'] }, ['targets[1]: there is no model "gtp"; did you mean "gpt"?']],
  [{ targets: ['gpt', 'x'] }, ['targets[1]: there is no model "x"']],
  [{ targets: ['gpt', 'gpt'] }, ['targets[1]: "gpt" is named twice']],
  [{ targets: ['default'] }, ['targets[0]: "default" is a route; a route leads to models']],
  [{ targets: [] }, ['targets: must name a model']],
  [{ targets: { gpt: 0 } }, ['targets.gpt: must be a whole number from 1 to 1000']],
  [{ targets: 7 }, ['targets: must be a list of models, or weights from 1 to 1000 by model']],
  [{ targets: ['gpt'], cache: false }, ['cache: must be true, or a duration such as 300s, from 1s to 30d']],
  [{ targets: { gpt: 1 }, strategy: 'order' }, ['targets: weights need strategy: weighted']],
  [
    { targets: ['gpt'], retry: { on: ['sometimes'] } },
    ['retry.on[0]: must be one of connect, timeout, 429, 5xx, overloaded, context'],
  ],
  [{ targets: ['gpt'], cache: '1ms' }, ['cache: must be a duration such as 300ms, 3s or 7d, from 1s to 30d']],
])('names what is wrong with a route: %j', (route, mistakes) => {
  expect(mistakesOf({ routes: { ...good.routes, other: route } })).toEqual(
    mistakes.map((mistake) => `routes.other.${mistake}`),
  );
});

it('refuses names that look like paths, numbers or properties of objects', () => {
  const why =
    'the name must be up to 100 letters, digits and ._:/@-, beginning with a letter and ending with a letter or digit';
  const targets = ['gpt'];
  expect(mistakesOf({ routes: { '1': { targets }, '../x': { targets }, ok: { targets } } })).toEqual([
    `routes.1: ${why}`,
    `routes["../x"]: ${why}`,
  ]);
  const parsed = JSON.parse('{"routes":{"__proto__":{"targets":["gpt"]}}}');
  expect(mistakesOf(parsed)).toEqual(['routes.__proto__: cannot be a name']);
});

it('names all mistakes at once, those of form among those of reference', () => {
  expect(
    mistakesOf({
      limits: { body: 1 },
      extra: true,
      models: { gpt: { provider: 'opnai', name: 'g', can: ['fly'] } },
      routes: { default: { targets: ['gone'], drop: 'yes' } },
    }),
  ).toEqual([
    'extra: unknown field',
    'limits.body: must be a size such as 512KiB, from 1KiB to 1024MiB',
    'models.gpt.can[0]: must be one of chat, tools, vision, json, embeddings, speech, transcription, images, rerank',
    'models.gpt.provider: there is no provider "opnai"; did you mean "openai"?',
    'routes.default.drop: must be true or false',
    'routes.default.targets[0]: there is no model "gone"',
  ]);
});

it.each([[null], ['text'], [7], [[]], [[1]]])('refuses %j, which is no document', (value) => {
  expect(() => checkDocument(value, allowed)).toThrow(DocumentMistakes);
});
