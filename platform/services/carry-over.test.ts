import { chmod, chown, lstat, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { carryOver } from './carry-over.ts';
import { giveKey } from './give-key.ts';
import { type Home, prepareHome } from './home.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';
import { USER_IDS } from './user-ids.ts';

let made: TemporaryHome;
beforeEach(async () => {
  made = await temporaryHome();
});
afterEach(() => made.remove());

/** Gives all in a home to one user and takes the record of ids away, as versions before left it. */
async function makeOld({ root, user, files, vectors, caddy, redis, keys }: Home): Promise<void> {
  await mkdir(join(files, 'organization'));
  await writeFile(join(files, 'organization', 'lease.pdf'), 'Rent', { mode: 0o600 });
  await writeFile(join(vectors, 'a.sqlite'), '', { mode: 0o600 });
  await writeFile(join(caddy, 'answers.log'), '');
  await writeFile(join(redis, 'dump.rdb'), '');
  await writeFile(join(keys, 'jwt-private.pem'), 'key', { mode: 0o600 });
  // A process could have planted it: what it names must not change.
  await symlink('/etc/passwd', join(files, 'link'));
  for (const name of await readdir(root, { recursive: true })) {
    const path = join(root, name);
    if ((await lstat(path)).isSymbolicLink()) continue;
    await chown(path, user?.uid as number, user?.gid as number);
    if ((await lstat(path)).isDirectory()) await chmod(path, 0o700);
  }
  await rm(join(root, USER_IDS));
}

describe.runIf(process.getuid?.() === 0)('carryOver', () => {
  it('gives what one user had to the users and groups that processes have now', async () => {
    const passwd = await stat('/etc/passwd');
    await makeOld(made.home);
    const home = await prepareHome(made.path);
    await carryOver(home);
    const { ids } = home as Required<Home>;
    const owners = async (...names: string[]) => {
      const { uid, gid, mode } = await stat(join(home.root, ...names));
      return { uid, gid, mode: (mode & 0o7777).toString(8) };
    };
    expect(await owners('files')).toMatchObject({ gid: ids.files, mode: '2770' });
    expect(await owners('files', 'organization')).toMatchObject({ gid: ids.files, mode: '2770' });
    expect(await owners('files', 'organization', 'lease.pdf')).toMatchObject({ gid: ids.files, mode: '660' });
    expect(await owners('vectors', 'a.sqlite')).toMatchObject({ gid: ids.vectors, mode: '660' });
    expect(await owners('caddy', 'answers.log')).toMatchObject({ uid: ids.edge, gid: ids.edge });
    expect(await owners('redis', 'dump.rdb')).toMatchObject({ uid: ids.redis, gid: ids.redis });
    expect(await owners('keys')).toEqual({ uid: 0, gid: 0, mode: '711' });
    await giveKey(home, join(home.keys, 'jwt-private.pem'), 'signing');
    expect(await owners('keys', 'jwt-private.pem')).toEqual({ uid: 0, gid: ids.signing, mode: '640' });
    expect(await owners('postgres')).toMatchObject({ uid: home.user?.uid, mode: '700' });
    const { uid, gid, mode } = await stat('/etc/passwd');
    expect([uid, gid, mode]).toEqual([passwd.uid, passwd.gid, passwd.mode]);
  });

  it('changes nothing at the next start', async () => {
    await makeOld(made.home);
    const home = await prepareHome(made.path);
    await carryOver(home);
    const lease = join(home.files, 'organization', 'lease.pdf');
    const { ctimeMs } = await stat(lease);
    const again = await prepareHome(made.path);
    await carryOver(again);
    expect(again.ids).toEqual(home.ids);
    expect((await stat(lease)).ctimeMs).toBe(ctimeMs);
  });
});
