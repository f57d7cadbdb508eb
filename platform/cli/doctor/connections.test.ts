import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../kernel/environment.ts';
import { boundSettings, renderConnectionBound } from '../install/connection-bound.ts';
import { checkConnections, judgeConnections } from './connections.ts';

const settings = readEnvironment(boundSettings, { MAX_CONNECTIONS_PER_CLIENT: '7' });
const rules = renderConnectionBound(settings);

describe('what the doctor says of connections per client', () => {
  it.each([
    ['the bound is loaded', rules, rules, 'ok', undefined],
    ['it was loaded by hand', rules, undefined, 'ok', undefined],
    ['none is loaded', '', rules, 'warn', 'pandect install'],
    ['another is loaded', rules.replaceAll('over 7', 'over 70'), rules, 'warn', 'pandect install'],
    ['the settings have changed since', rules, `${rules}#`, 'warn', 'pandect install'],
    ['nft is missing', new Error('nft is not installed'), undefined, 'warn', 'install nftables'],
  ])('%s', (_, loaded, written, state, hint) => {
    const verdict = judgeConnections(settings, loaded, written);
    expect(verdict.state).toBe(state);
    expect(verdict.hint ?? '').toContain(hint ?? '');
  });

  it.each([{ MAX_CONNECTIONS_PER_CLIENT: '0' }, { PANDECT_EDGE: 'external' }])(
    'nothing is missing with %j',
    async (set) => {
      expect(await checkConnections({ settings: readEnvironment(boundSettings, set) })).toMatchObject({ state: 'ok' });
    },
  );
});
