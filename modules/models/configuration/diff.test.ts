import { expect, it } from 'vitest';
import { describeChange } from '../../../platform/cli/gateway-answers.ts';
import { diff } from './diff.ts';

const before = {
  version: 1,
  providers: { openai: { kind: 'openai', keys: [{ env: 'OPENAI_API_KEY', weight: 1 }, { secret: 'second' }] } },
  models: { 'a/b': { provider: 'openai', name: 'x', can: ['tools'] } },
  routes: { default: { targets: ['a/b', 'c'] }, cheap: { targets: { c: 8, d: 2 } } },
};
const lines = (after: object) => diff(before, { ...before, ...after }).map(describeChange);

it('finds nothing between equal documents, whatever the order of their fields', () => {
  expect(lines({})).toEqual([]);
  expect(diff({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
});

it('names what was added, changed and removed, with its place', () => {
  expect(
    lines({
      models: { 'a/b': { provider: 'openai', name: 'y', can: ['tools', 'json'] } },
      routes: { default: { targets: ['c', 'a/b'], drop: true }, cheap: { targets: { c: 8 } } },
      limits: {},
    }),
  ).toEqual([
    '~ models["a/b"].name: x → y',
    '~ models["a/b"].can: tools → tools, json',
    '~ routes.default.targets: a/b, c → c, a/b',
    '+ routes.default.drop: true',
    '+ limits: empty',
    '- routes.cheap.targets.d: 2',
  ]);
});

it('knows keys by where their secrets are', () => {
  const providers = (keys: object[]) => ({ providers: { openai: { kind: 'openai', keys } } });
  expect(lines(providers([{ env: 'OPENAI_API_KEY', weight: 3 }, { secret: 'second' }]))).toEqual([
    '~ providers.openai.keys["env OPENAI_API_KEY"].weight: 1 → 3',
  ]);
  expect(lines(providers([{ secret: 'second' }]))).toEqual([
    '~ providers.openai.keys: env OPENAI_API_KEY, secret second → secret second',
    '- providers.openai.keys["env OPENAI_API_KEY"].weight: 1',
  ]);
});
