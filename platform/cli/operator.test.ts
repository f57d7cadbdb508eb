import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { operator } from './operator.ts';

describe('operator', () => {
  it('is who became root by sudo, and otherwise who runs the command', () => {
    expect(operator({ SUDO_USER: 'olga' })).toBe('olga');
    expect(operator({ SUDO_USER: '' })).toBe(userInfo().username);
    expect(operator({})).toBe(userInfo().username);
  });
});
