import { describe, expect, it } from 'vitest';
import { defineFunction, defineWorker } from './manifest.ts';

describe('defineFunction', () => {
  it('fills in defaults', () => {
    expect(defineFunction({ mount: ['/api/probe'] })).toEqual({
      ...{
        mount: ['/api/probe'],
        env: [],
        database: 'none',
        redis: 'members',
        memory: 128,
        youngMemory: 2,
        connections: 2,
        instances: { min: 1, max: 1 },
      },
      ...{ concurrency: 150, timeout: 30, body: 65_536, rateLimit: 'api', idle: 300, drain: 60, threads: {} },
    });
  });

  it('reports every mistake at once, each with its field', () => {
    const wrong = { mount: ['api/Probe'], env: ['PATH'], memory: 1, retries: 3 };
    expect(() => defineFunction(wrong as never)).toThrow(
      /^Read manifest: (?=.*memory: )(?=.*mount\.0: must start with \/)(?=.*"env", "retries")/,
    );
  });
});

it('takes only roles whose rights are defined somewhere', () => {
  // @ts-expect-error: the role is called billing
  defineFunction({ mount: ['/api/probe'], database: 'biling' });
  // @ts-expect-error: the operator is no process
  defineWorker({ redis: 'operator' });
});

describe('defineWorker', () => {
  it('fills in defaults', () => {
    expect(defineWorker({})).toMatchObject({
      concurrency: 1,
      attempts: 3,
      backoff: 2,
      timeout: 600,
      jobsPerProcess: 0,
      niceness: 0,
    });
  });

  it('knows nothing of mounts', () => {
    expect(() => defineWorker({ mount: ['/api/probe'] } as never)).toThrow('mount');
  });
});
