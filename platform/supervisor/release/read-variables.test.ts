import { join } from 'node:path';
import { stop } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { composition } from '../../../modules/composition.ts';
import * as environment from '../../kernel/environment.ts';
import { unitRelease } from '../../testing/unit-release.ts';
import { readUnits } from '../unit.ts';
import { readVariables } from './read-variables.ts';
import { releaseManifest } from './releases.ts';

const BUILDS_MS = 300_000;
const root = join(import.meta.dirname, '../../..');
afterAll(() => stop());
const read = (text: string) => readVariables([{ path: '/release/main.js', text }]);

describe('readVariables', () => {
  it('finds the variables whose definitions a bundle holds, once and in order, also where the bundler numbered a name', () => {
    const text =
      'function defineVariable(name,schema){}var A=defineVariable("REDIS_URL",x),B=defineSecret2("CACHE_PREFIX",y),C=defineNumber("REDIS_URL",z),D=defined("NOT_OURS",1);';
    expect(read(text)).toEqual(['CACHE_PREFIX', 'REDIS_URL']);
    expect(readVariables([{ path: '/release/font.ttf', text }])).toEqual([]);
  });

  it.each(['defineVariable(name,x)', 'defineSecret(`SECRET`+one,x)', 'defineNumber("A"+b,x)', 'defineFile("lower",x)'])(
    'refuses a name that cannot be read, so that none is forgotten: %s',
    (text) => {
      expect(() => read(text)).toThrow('must begin with a literal name');
    },
  );

  it('knows every way to define a variable', () => {
    const ways = Object.keys(environment).filter((name) => name.startsWith('define'));
    expect(ways.length).toBeGreaterThan(3);
    expect(ways.flatMap((way) => read(`${way}("NAMED",x)`))).toEqual(ways.map(() => 'NAMED'));
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
      const defined = new Map(composition.variables.map((variable) => [variable.name, variable]));
      const keys = new Set(['JWT_PRIVATE_KEY_PATH', 'GATEWAY_SECRETS_KEY_PATH', 'BOT_SECRETS_KEY_PATH']);
      const seen: Record<string, string[]> = {};
      for (const unit of units) {
        const names = (await releaseManifest(await unitRelease(unit.name))).env;
        // What a bundle reads, some module defines for all to know.
        expect(names.filter((name) => !defined.has(name))).toEqual([]);
        seen[unit.name] = names.filter((name) => defined.get(name)?.secret || keys.has(name));
      }
      const providers = [
        ...['AI_EMBEDDING_API_KEY', 'ANTHROPIC_API_KEY', 'AZURE_OPENAI_API_KEY', 'COHERE_API_KEY'],
        ...['GIGACHAT_KEY', 'OPENAI_API_KEY', 'YANDEX_API_KEY'],
      ];
      const member = ['DATABASE_URL', 'REDIS_URL'];
      const calls = [...providers, ...member, 'GATEWAY_SECRETS_KEY_PATH'].toSorted();
      const questions = [...calls, 'QDRANT_API_KEY'].toSorted();
      const files = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
      const storing = (...names: string[]) => [...names, ...files].toSorted();
      const models = ['AI_EMBEDDING_API_KEY', 'DATABASE_URL', 'OPENAI_API_KEY', 'QDRANT_API_KEY'];
      expect(seen).toEqual({
        admin: member,
        ask: questions,
        auth: ['DATABASE_URL', 'JWT_PRIVATE_KEY_PATH', 'REDIS_URL'],
        billing: [...member, 'YOOKASSA_SECRET_KEY'],
        bots: ['BOT_SECRETS_KEY_PATH', ...member],
        chats: storing('BOT_SECRETS_KEY_PATH', ...questions),
        console: member,
        conversations: member,
        documents: storing(...member),
        external: storing(...calls),
        gateway: storing(...calls),
        'gateway-admin': ['DATABASE_URL', 'GATEWAY_SECRETS_KEY_PATH', 'REDIS_URL'],
        health: storing(...questions),
        images: storing(...member),
        ingest: storing(...models),
        maintenance: storing('DATABASE_URL', 'QDRANT_API_KEY', 'REDIS_URL'),
        notify: ['DATABASE_URL', 'SMTP_PASSWORD'],
        operator: ['BOT_SECRETS_KEY_PATH', ...calls].toSorted(),
        organization: storing(...member),
        pictures: storing('DATABASE_URL', 'FAL_KEY', 'OPENAI_API_KEY', 'RUNPOD_API_KEY'),
        reindex: models,
        search: [...models, 'REDIS_URL'],
        sending: storing('DATABASE_URL', 'BOT_SECRETS_KEY_PATH'),
        subscriptions: ['DATABASE_URL', 'YOOKASSA_SECRET_KEY'],
        usage: member,
      });
    },
    BUILDS_MS,
  );
});
