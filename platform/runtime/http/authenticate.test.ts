import { describe, expect, it } from 'vitest';
import { type KeyScope, keyScopes } from '../../../db/schema/people/api-keys.ts';
import { userRoles } from '../../../db/schema/people/users.ts';
import { outranks, requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../kernel/problem.ts';
import { unauthenticated } from '../../kernel/problems.ts';
import type { NeededScope } from './authenticate.ts';
import type { Caller, TokenVerifier } from './caller.ts';
import { createProtectedRouter } from './router.ts';

const person: Caller = { userId: 'person', organizationId: 'organization', role: 'member' };

/** Knows one token, and a key for each scope. */
const tokens: TokenVerifier = {
  isKey: (credential) => credential.startsWith('pandect_'),
  async verify(token) {
    if (token === 'token') return person;
    const scope = token.replace('pandect_', '') as KeyScope;
    if (keyScopes.includes(scope)) return { ...person, keyId: 'key', scopes: [scope] };
    throw new Problem(unauthenticated);
  },
};

async function ask(scope: NeededScope | undefined, authorization: string, method = 'GET'): Promise<string> {
  const router = createProtectedRouter(tokens, { ...(scope && { scope }) });
  router.on(['GET', 'POST', 'DELETE'], '/', (c) => c.text(c.var.caller.userId));
  router.onError((error, c) => c.text(error instanceof Problem ? error.type : String(error)));
  return (await router.request('/', { method, headers: { authorization } })).text();
}

describe('a protected router', () => {
  it('takes keys only where a scope is named, and only with that one', async () => {
    expect(await ask('search', 'Bearer pandect_search')).toBe('person');
    expect(await ask('search', 'Bearer pandect_ask')).toBe('not-found');
    expect(await ask('search', 'Bearer pandect_else')).toBe('unauthenticated');
    expect(await ask(undefined, 'Bearer pandect_search')).toBe('unauthenticated');
  });

  it('tells reading from writing', async () => {
    const scope = { read: 'documents:read', write: 'documents:write' } as const;
    for (const [method, right, wrong] of [
      ['GET', 'documents:read', 'documents:write'],
      ['POST', 'documents:write', 'documents:read'],
      ['DELETE', 'documents:write', 'documents:read'],
    ] as const) {
      expect(await ask(scope, `Bearer pandect_${right}`, method)).toBe('person');
      expect(await ask(scope, `Bearer pandect_${wrong}`, method)).toBe('not-found');
    }
  });

  it('takes people everywhere', async () => {
    for (const scope of [undefined, 'ask', { read: 'ask', write: 'search' }] as const) {
      expect(await ask(scope, 'bearer token')).toBe('person');
    }
    expect(await ask('ask', 'Basic token')).toBe('unauthenticated');
  });
});

describe('roles', () => {
  it('stand above each other from viewer to owner', () => {
    const ranked = [...userRoles].toSorted((a, b) => (outranks(a, b) ? 1 : -1));
    expect(ranked).toEqual(['viewer', 'member', 'admin', 'owner']);
    expect(userRoles.some((role) => outranks(role, role))).toBe(false);
  });

  it('that are too low see nothing', () => {
    expect(() => requireRole(person, 'member')).not.toThrow();
    expect(() => requireRole(person, 'admin')).toThrow('not-found');
  });
});
