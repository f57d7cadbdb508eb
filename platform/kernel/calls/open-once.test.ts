import { describe, expect, it } from 'vitest';
import { openOnce } from './open-once.ts';

describe('what is opened once for each key', () => {
  it('is the same for all who ask, also before it is open', async () => {
    const opened = new Map<string, Promise<object>>();
    const first = openOnce(opened, 'a', async () => ({}));
    expect(openOnce(opened, 'a', () => expect.unreachable())).toBe(first);
    expect(await openOnce(opened, 'b', async () => ({}))).not.toBe(await first);
  });

  it('is tried again after a failure', async () => {
    const opened = new Map<string, Promise<string>>();
    const failing = openOnce(opened, 'a', async () => {
      throw new Error('away');
    });
    await expect(failing).rejects.toThrow('away');
    expect(await openOnce(opened, 'a', async () => 'open')).toBe('open');
  });
});
