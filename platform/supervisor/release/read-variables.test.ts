import { join } from 'node:path';
import { stop } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { isVariableName, variables } from '../../kernel/environment.ts';
import { readUnits } from '../unit.ts';
import { createBundler } from './bundle.ts';
import { readVariables } from './read-variables.ts';

const BUILDS_MS = 180_000;
const root = join(import.meta.dirname, '../../..');
afterAll(() => stop());
const read = (text: string) => readVariables([{ path: '/release/main.js', text }]);

describe('readVariables', () => {
  it('finds what every provider of a bundle names, once and in order, also where the bundler numbered the name', () => {
    const text =
      'function defineProvider(names,create){}var a=defineProvider(["REDIS_URL","CACHE_PREFIX"],x),b=defineProvider2(["CACHE_PREFIX"],y),c=defineProvider([],z);';
    expect(read(text)).toEqual(['CACHE_PREFIX', 'REDIS_URL']);
    expect(readVariables([{ path: '/release/font.ttf', text }])).toEqual([]);
  });

  it.each([
    'defineProvider(names,x)',
    'defineProvider([...names],x)',
    'defineProvider(["REDIS_URL",other],x)',
    'defineProvider(["PATH"],x)',
  ])('refuses a list that cannot be read, so that no name is forgotten: %s', (text) => {
    expect(() => read(text)).toThrow('must begin with a literal list of known names');
  });
});

describe('the units of this checkout', async () => {
  const units = await readUnits(root);

  it('name no variable by hand', () => {
    expect(units.filter(({ manifest }) => manifest.env.length > 0).map(({ name }) => name)).toEqual([]);
  });

  it(
    'see the secrets that they need, and no others',
    async () => {
      const bundle = createBundler();
      const seen: Record<string, string[]> = {};
      for (const unit of units) {
        const names = (await bundle(unit, root)).variables;
        const isGuarded = (name: string) =>
          isVariableName(name) && (variables[name].secret || name === 'JWT_PRIVATE_KEY_PATH');
        seen[unit.name] = names.filter(isGuarded);
      }
      const member = ['DATABASE_URL', 'REDIS_URL'];
      const models = ['AI_EMBEDDING_API_KEY', 'DATABASE_URL', 'OPENAI_API_KEY', 'QDRANT_API_KEY'];
      expect(seen).toEqual({
        admin: member,
        ask: [...models, 'REDIS_URL'],
        auth: ['DATABASE_URL', 'JWT_PRIVATE_KEY_PATH', 'REDIS_URL'],
        billing: [...member, 'YOOKASSA_SECRET_KEY'],
        conversations: member,
        documents: member,
        health: [...models, 'REDIS_URL'],
        ingest: models,
        maintenance: ['DATABASE_URL', 'QDRANT_API_KEY', 'REDIS_URL'],
        notify: ['DATABASE_URL', 'SMTP_PASSWORD'],
        organization: member,
        reindex: models,
        search: [...models, 'REDIS_URL'],
        subscriptions: ['DATABASE_URL', 'YOOKASSA_SECRET_KEY'],
        usage: member,
      });
    },
    BUILDS_MS,
  );
});
