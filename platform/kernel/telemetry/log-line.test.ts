import { describe, expect, it } from 'vitest';
import { readableLine } from './log-line.ts';

describe('readableLine', () => {
  it('shows time, level, message and fields of a JSON line', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-01-31T09:05:00.123Z',
      message: 'Request',
      process: 'ask',
      status: 200,
      tags: ['a'],
    });
    expect(readableLine(line)).toBe('09:05:00.123 info Request status=200 tags=["a"]');
  });

  it.each(['', 'Error: broken', '{"cut":', '12', 'null', '{"no":"level"}'])('leaves %j as it is', (line) => {
    expect(readableLine(line)).toBe(line);
  });
});
