import { describe, expect, it } from 'vitest';
import { previousRelease } from './previous-release.ts';

const history = (...releases: string[]) =>
  releases.map((release, n) => ({ release, at: `2026-01-0${n + 1}T00:00:00Z`, action: 'deploy' as const }));

describe('previousRelease', () => {
  it.each([
    ['nothing', [], undefined, undefined],
    ['the first release', ['a'], 'a', undefined],
    ['a second one', ['a', 'b'], 'b', 'a'],
    ['several', ['a', 'b', 'c'], 'c', 'b'],
    ['a rollback, to undo it', ['a', 'b', 'a'], 'a', 'b'],
    ['the same release again', ['a', 'b', 'b'], 'b', 'a'],
    ['a release that never became ready', ['a', 'b'], 'a', 'b'],
  ])('after %s', (_, releases, current, expected) => {
    expect(previousRelease(history(...releases), current)).toBe(expected);
  });

  it('passes over a release that was given up', () => {
    const [first, second, third] = history('a', 'b', 'a');
    const given = [first, { ...second, restored: '9 of 10 failed' }, third] as never;
    expect(previousRelease(given, 'a')).toBeUndefined();
  });
});
