import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { checkParsers, judgeParsers, judgeUsers } from './users.ts';

describe('judgeUsers', () => {
  it('says what is weaker where the platform is not started as root', () => {
    const { state, detail, hint } = judgeUsers({ isRoot: false, hasSetpriv: true });
    expect(state).toBe('warn');
    expect(detail).toMatch(/^not started as root: .* private key.* Caddy.* sockets.* signals/);
    expect(hint).toContain('as root');
  });

  it('fails where root cannot give processes their users', () => {
    expect(judgeUsers({ isRoot: true, hasSetpriv: false })).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('setpriv is missing'),
    });
    expect(judgeUsers({ isRoot: true, hasSetpriv: true }).state).toBe('ok');
  });
});

describe('judgeParsers', () => {
  it('says what parsers still reach, and why', () => {
    expect(judgeParsers('room', []).state).toBe('ok');
    expect(judgeParsers('network', ['mount'])).toMatchObject({ state: 'warn', hint: expect.stringContaining('mount') });
    expect(judgeParsers('network', []).hint).toContain('user.max_user_namespaces');
    expect(judgeParsers('none', ['unshare'])).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('network'),
      hint: expect.stringContaining('install unshare'),
    });
  });
});

describe('checkParsers', () => {
  let home: TemporaryHome;
  beforeAll(async () => {
    home = await temporaryHome();
  });
  afterAll(() => home.remove());

  it('tries it as the platform does, and finds nothing before there is a home', async () => {
    expect(await checkParsers({ home: undefined })).toBeUndefined();
    const verdict = await checkParsers({ home: home.home });
    expect(['ok', 'warn']).toContain(verdict?.state);
    expect(verdict?.state === 'ok' || verdict?.hint).toBeTruthy();
  });
});
