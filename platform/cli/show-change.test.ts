import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { advise, describe as describeEvent } from './show-change.ts';

describe('a change', () => {
  it('is told in columns', () => {
    const event = { unit: 'ask', step: 'done', release: '1a2b3c4d5e6f', ms: 842 } as const;
    expect(stripVTControlCharacters(describeEvent(event))).toBe('ask            done       1a2b3c4d5e6f 842 ms');
  });

  it('shows the log of a process that failed below the reason', () => {
    const event = { unit: 'ask', step: 'failed', message: 'Start "ask": ended', log: 'Error: no\n  at x' } as const;
    expect(stripVTControlCharacters(describeEvent(event))).toBe(
      'ask            failed     Start "ask": ended\nError: no\n  at x',
    );
  });

  it('tells after a failure what serves now, and where to look', () => {
    expect(
      advise([
        { unit: 'ask', step: 'build' },
        { unit: 'ask', step: 'failed', log: 'Error: no' },
        { unit: 'search', step: 'failed', message: 'Roll back "search": release "x" is not kept' },
        { unit: 'auth', step: 'restored' },
        { unit: 'usage', step: 'done' },
      ]),
    ).toEqual([
      'Change "ask": it is as it was before; pandect logs ask shows more',
      'Change "search": it is as it was before',
      'Change "auth": the release before serves again; pandect logs auth shows more',
    ]);
  });

  it('says why nothing was begun', () => {
    const message = 'Find function or worker "aks": known are ask';
    expect(advise([{ unit: '', step: 'failed', message }])).toEqual([message]);
  });
});
