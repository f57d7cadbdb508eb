import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.ts';

const caller = { organizationId: crypto.randomUUID(), userId: crypto.randomUUID() };

describe('requestIdOf', () => {
  it('is the same for the same key of the same person, and a valid id', () => {
    const id = requestIdOf(caller, 'key');
    expect(requestIdOf({ ...caller }, 'key')).toBe(id);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is another for another key, person or organization, and without a key each time', () => {
    const other = crypto.randomUUID();
    const ids = [
      requestIdOf(caller, 'key'),
      requestIdOf(caller, 'other'),
      requestIdOf({ ...caller, userId: other }, 'key'),
      requestIdOf({ ...caller, organizationId: other }, 'key'),
      requestIdOf(caller, undefined),
      requestIdOf(caller, undefined),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
