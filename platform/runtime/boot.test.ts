import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../kernel/environment.ts';
import { CACHE_PREFIX, DATABASE_URL, SMTP_HOST } from '../kernel/variables.ts';
import { type Boot, createBoot, defineProvider } from './boot.ts';
import { required } from './providers/required.ts';

const boot = (source: Record<string, string> = {}) => createBoot('test', { LOG_LEVEL: 'silent', ...source });

describe('createBoot', () => {
  it('names every wrong variable at once and repeats no secret', () => {
    const wrong = { ENVIRONMENT: 'moon', DEBUG: 'perhaps', LOG_LEVEL: 'loud', ENABLE_METRICS: 'often' };
    expect(() => createBoot('test', wrong)).toThrow(ConfigurationError);
    expect(() => createBoot('test', wrong)).toThrow(/4 mistake.*ENVIRONMENT.*DEBUG.*LOG_LEVEL.*ENABLE_METRICS/s);
    const url = defineProvider([DATABASE_URL], (_, { DATABASE_URL }) => DATABASE_URL);
    const secret = () => boot({ DATABASE_URL: 'mysql://user:hidden@host' }).use(url);
    expect(secret).toThrow('DATABASE_URL: wrong value');
    expect(secret).not.toThrow('hidden');
  });

  it('gives a provider the variables that it names, and no others', async () => {
    const given = defineProvider([CACHE_PREFIX, SMTP_HOST], (_, environment) => environment);
    const process = boot({ CACHE_PREFIX: 'mine', REDIS_URL: 'redis://localhost' });
    expect(await process.use(given)).toEqual({ CACHE_PREFIX: 'mine', SMTP_HOST: undefined });
    // @ts-expect-error not named
    defineProvider([CACHE_PREFIX], (_, { REDIS_URL }) => REDIS_URL);
  });

  it('names a variable that a process cannot do without', () => {
    expect(() => required('REDIS_URL', undefined)).toThrow('REDIS_URL: missing: this process cannot do without it');
  });

  it('makes each capability once, also for those who ask at the same time', async () => {
    let made = 0;
    const provider = async () => ({ number: ++made });
    const process = boot();
    const [one, two] = await Promise.all([process.use(provider), process.use(provider)]);
    expect(one).toBe(two);
    expect(await process.useAll({ provider, other: async (b: Boot) => (await b.use(provider)).number })).toEqual({
      provider: { number: 1 },
      other: 1,
    });
  });

  it('is ready when every check succeeds', async () => {
    const process = boot();
    let away = true;
    process.onReady(async () => {});
    process.onReady(async () => {
      if (away) throw new Error('away');
    });
    await expect(process.ready()).rejects.toThrow('away');
    away = false;
    await process.ready();
  });

  it('closes in reverse order, and all of it though one fails', async () => {
    const process = boot();
    const closed: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      process.onClose(async () => {
        closed.push(name);
        if (name === 'second') throw new Error('no');
      });
    }
    await process.close();
    expect(closed).toEqual(['third', 'second', 'first']);
  });
});
