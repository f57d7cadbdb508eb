import { describe, expect, it } from 'vitest';
import { isApiKey, newApiKey, organizationOfKey, scopesOf } from './api-key.ts';

describe('an API key', () => {
  it('carries its organization, whatever characters that comes to', () => {
    for (const id of [
      ...Array.from({ length: 200 }, () => crypto.randomUUID()),
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ]) {
      const { key, prefix } = newApiKey(id);
      expect(isApiKey(key)).toBe(true);
      expect(organizationOfKey(key)).toBe(id);
      expect(key.startsWith(prefix)).toBe(true);
      expect(key.length - prefix.length).toBe(37);
    }
  });

  it.each(['', 'pandect_', `pandect_${'a'.repeat(22)}_short`, `${newApiKey(crypto.randomUUID()).key}x`, 'eyJ.a.b'])(
    'is not what has another form: %j',
    (text) => {
      expect(organizationOfKey(text)).toBeUndefined();
    },
  );

  it('of a viewer changes no documents', () => {
    expect(scopesOf('viewer')).not.toContain('documents:write');
    expect(scopesOf('member')).toContain('documents:write');
  });
});
