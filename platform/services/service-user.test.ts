import { describe, expect, it } from 'vitest';
import { findUser } from './service-user.ts';

const passwd =
  'root:x:0:0:root:/root:/bin/bash\npandect2:x:7:7::/:/bin/false\npandect:x:998:997::/nonexistent:/usr/sbin/nologin\n';

describe('findUser', () => {
  it('reads the ids of the user with exactly this name', () => {
    expect(findUser(passwd, 'pandect')).toEqual({ name: 'pandect', uid: 998, gid: 997 });
  });

  it('is undefined for an unknown user', () => {
    expect(findUser(passwd, 'nobody')).toBeUndefined();
  });
});
