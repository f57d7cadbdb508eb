import { describe, expect, it } from 'vitest';
import { table } from './output.ts';

describe('table', () => {
  it('makes columns as wide as their widest cell and leaves no space at the end of a line', () => {
    const rows = [
      ['ask', 12, 'ready'],
      ['conversations', undefined, ''],
    ];
    expect(table(['NAME', 'PID', 'STATE'], rows)).toBe(
      ['NAME           PID  STATE', 'ask            12   ready', 'conversations'].join('\n'),
    );
  });
});
