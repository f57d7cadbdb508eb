import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../kernel/environment.ts';
import { type Boot, createBoot } from './boot.ts';
import { required } from './providers/required.ts';

const boot = (source: Record<string, string> = {}) => createBoot('test', { LOG_LEVEL: 'silent', ...source });

describe('createBoot', () => {
  it('names every wrong variable at once and repeats no secret', () => {
    const wrong = { ENVIRONMENT: 'moon', DEBUG: 'perhaps', LOG_LEVEL: 'loud', ENABLE_METRICS: 'often' };
    expect(() => createBoot('test', wrong)).toThrow(ConfigurationError);
    expect(() => createBoot('test', wrong)).toThrow(/4 mistake.*ENVIRONMENT.*DEBUG.*LOG_LEVEL.*ENABLE_METRICS/s);
    const secret = () => boot({ DATABASE_URL: 'mysql://user:hidden@host' }).environment('DATABASE_URL');
    expect(secret).toThrow('DATABASE_URL: wrong value');
    expect(secret).not.toThrow('hidden');
  });

  it('names a variable that its manifest forgot', () => {
    expect(() => required('REDIS_URL', undefined)).toThrow("REDIS_URL: missing: name it in the manifest's env");
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
