import { describe, expect, it } from 'vitest';
import { mayEnter } from './reachable.ts';

const user = { uid: 500, gid: 600 };

describe('mayEnter', () => {
  it('asks the owner’s bit for the owner, even when others may', () => {
    expect(mayEnter({ mode: 0o40100, uid: 500, gid: 0 }, user)).toBe(true);
    expect(mayEnter({ mode: 0o40677, uid: 500, gid: 0 }, user)).toBe(false);
  });

  it('asks the group’s bit for the group', () => {
    expect(mayEnter({ mode: 0o40710, uid: 0, gid: 600 }, user)).toBe(true);
    expect(mayEnter({ mode: 0o40701, uid: 0, gid: 600 }, user)).toBe(false);
  });

  it('asks the last bit for everybody else', () => {
    expect(mayEnter({ mode: 0o40711, uid: 0, gid: 0 }, user)).toBe(true);
    expect(mayEnter({ mode: 0o40774, uid: 0, gid: 0 }, user)).toBe(false);
  });
});
