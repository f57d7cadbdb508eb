import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { controlSocket } from '../../supervisor/traffic/socket-path.ts';
import type { Facts } from './facts.ts';
import { checkJournal, checkLeftovers, checkPermissions } from './home.ts';

let place: TemporaryHome;
beforeEach(async () => {
  place = await temporaryHome();
});
afterEach(() => place.remove());

const facts = () => ({ home: place.home, wanted: place.path, running: undefined }) as Facts;

describe('what the doctor says of a home', () => {
  it('finds a key that others may read, and no fault with a public one', async () => {
    await writeFile(join(place.home.keys, 'jwt-public.pem'), '', { mode: 0o644 });
    await writeFile(join(place.home.keys, 'redis-password'), '', { mode: 0o600 });
    expect(await checkPermissions(facts())).toMatchObject({ state: 'ok' });

    await chmod(join(place.home.keys, 'redis-password'), 0o640);
    expect(await checkPermissions(facts())).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('redis-password (mode 640)'),
    });
  });

  it('finds a home that everybody may enter', async () => {
    await chmod(place.home.root, 0o755);
    expect(await checkPermissions(facts())).toMatchObject({ state: 'fail', hint: `chmod go-rwx ${place.path}` });
  });

  it('cannot go on from a journal that is none', async () => {
    expect(await checkJournal(facts())).toMatchObject({ state: 'ok' });
    await writeFile(join(place.home.root, 'journal.json'), '{"units":');
    await expect(checkJournal(facts())).rejects.toThrow('not readable; move it away');
  });

  it('tells a socket that was left from a lock that is held', async () => {
    expect(await checkLeftovers(facts())).toMatchObject({ state: 'ok' });
    await writeFile(controlSocket(place.home.run), '');
    expect(await checkLeftovers(facts())).toMatchObject({ state: 'warn', hint: 'the next start removes it' });

    const lock = new DatabaseSync(join(place.home.root, 'claim.lock'));
    lock.exec('begin exclusive');
    expect(await checkLeftovers(facts())).toMatchObject({ state: 'fail' });
    lock.close();
  });

  it('has nothing to say of one that was not made yet', async () => {
    const none = { ...facts(), home: undefined, wanted: join(place.path, 'nowhere') };
    for (const check of [checkPermissions, checkJournal, checkLeftovers]) {
      expect(await check(none)).toMatchObject({ state: 'ok' });
    }
  });
});
