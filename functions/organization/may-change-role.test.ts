import { describe, expect, it } from 'vitest';
import { type UserRole, userRoles } from '../../db/schema/people/users.ts';
import { mayChangeRole } from './may-change-role.ts';

const someone = (role: UserRole) => ({ id: 'someone', role });
const other = (role: UserRole) => ({ id: 'other', role });
const everyChange = userRoles.flatMap((actor) =>
  userRoles.flatMap((target) => [...userRoles, null].map((role) => ({ actor, target, role }))),
);

describe('mayChangeRole', () => {
  it('lets owners do everything to others', () => {
    for (const { target, role } of everyChange) {
      expect(mayChangeRole(someone('owner'), other(target), role, 2)).toBe('yes');
    }
  });

  it('lets members and viewers do nothing to others, and nothing to themselves but leave', () => {
    for (const actor of ['member', 'viewer'] as const) {
      for (const { target, role } of everyChange) {
        expect(mayChangeRole(someone(actor), other(target), role, 2)).toBe('not-found');
      }
      for (const role of userRoles) {
        expect(mayChangeRole(someone(actor), someone(actor), role, 2)).toBe('not-found');
      }
      expect(mayChangeRole(someone(actor), someone(actor), null, 1)).toBe('yes');
    }
  });

  it.each([
    ['member', 'admin', 'yes'],
    ['admin', 'viewer', 'yes'],
    ['admin', null, 'yes'],
    ['viewer', 'owner', 'not-found'],
    ['admin', 'owner', 'not-found'],
    ['owner', 'admin', 'not-found'],
    ['owner', null, 'not-found'],
  ] as const)('tells an administrator who wants to make %s %s: %s', (target, role, answer) => {
    expect(mayChangeRole(someone('admin'), other(target), role, 2)).toBe(answer);
  });

  it('lets an administrator step down but not up', () => {
    expect(mayChangeRole(someone('admin'), someone('admin'), 'viewer', 1)).toBe('yes');
    expect(mayChangeRole(someone('admin'), someone('admin'), 'owner', 1)).toBe('not-found');
  });

  it('keeps the last owner, no matter who asks', () => {
    for (const role of ['admin', 'member', 'viewer', null] as const) {
      expect(mayChangeRole(someone('owner'), someone('owner'), role, 1)).toBe('last-owner');
      expect(mayChangeRole(someone('owner'), someone('owner'), role, 2)).toBe('yes');
    }
    expect(mayChangeRole(someone('owner'), someone('owner'), 'owner', 1)).toBe('yes');
  });
});
