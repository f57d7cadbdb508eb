import { describe, expect, it } from 'vitest';
import { judgeHosts } from './hosts.ts';

const host = (name: string, version = '1.0.0') => ({ name, version });

describe('judgeHosts', () => {
  it('has nothing to say of a single host', () => {
    expect(judgeHosts(1, [host('a')])).toBeUndefined();
    expect(judgeHosts(1, [])).toBeUndefined();
  });

  it.each([
    [2, [host('a'), host('b')], 'ok', '2 of 2 serve: a (1.0.0), b (1.0.0)'],
    [2, [host('a')], 'warn', '1 of 2 serve'],
    [2, [host('a'), host('b'), host('c')], 'warn', '3 of 2 serve'],
    [2, [host('a'), host('b', '1.1.0')], 'warn', 'b (1.1.0)'],
  ] as const)('judges %i wanted, %j', (wanted, live, state, detail) => {
    expect(judgeHosts(wanted, live)).toMatchObject({ state, detail: expect.stringContaining(detail) });
  });
});
