import { describe, expect, it } from 'vitest';
import { judgeVersion } from './programs.ts';

describe('versions of programs', () => {
  it.each([
    ['postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', 15, 'ok', '15.14'],
    ['postgres (PostgreSQL) 14.9', 15, 'fail', '14.9'],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', 7, 'ok', '7.0.15'],
    ['Redis server v=6.2.7', 7, 'fail', '6.2.7'],
    ['2.6.2', 2.6, 'ok', '2.6.2'],
    ['v2.10.0 h1:abc=', 2.6, 'ok', '2.10.0'],
    ['v2.4.6 h1:abc=', 2.6, 'fail', '2.4.6'],
  ])('%j, where %d is needed: %s', (output, least, state, version) => {
    expect(judgeVersion(output, least, '/usr/bin/it')).toMatchObject({ state, detail: `${version} (/usr/bin/it)` });
  });

  it('does not take a program at its word that says nothing', () => {
    expect(judgeVersion('', 7, '/usr/bin/it').state).toBe('fail');
  });
});
