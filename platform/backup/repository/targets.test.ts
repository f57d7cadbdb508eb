import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../services/binaries.ts';
import { freePort } from '../../testing/free-port.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { runProgram } from '../content/run-program.ts';
import { hasRestic, PASSPHRASE } from '../platform.fixture.ts';
import { keysIn, withLightKey } from './light-key.fixture.ts';
import { openRestic, type Repository } from './restic.ts';
import { readTarget } from './target.ts';

const none = {
  BACKUP_S3_ACCESS_KEY_ID: undefined,
  BACKUP_S3_SECRET_ACCESS_KEY: undefined,
  BACKUP_S3_REGION: undefined,
};
const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(existsSync);
if (!sshd) process.stdout.write('SKIPPED: backups over SFTP, since sshd is not installed\n');

describe.skipIf(!hasRestic)('targets of backups', { timeout: 120_000 }, () => {
  let folder: string;
  let s3: S3Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-targets-'));
    await mkdir(join(folder, 'content'));
    await writeFile(join(folder, 'content', 'deed.txt'), 'The rent is due on the first day.');
    s3 = await startS3Server();
    s3.acceptsChunks = true;
  });
  afterAll(async () => {
    await s3.close();
    await rm(folder, { recursive: true, force: true });
  });

  const s3Repository = async (place: string, secret = s3.secretAccessKey): Promise<Repository> => {
    const { restic: program } = await findBinaries(['restic']);
    const target = readTarget({
      ...{ BACKUP_TO: `s3:${s3.endpoint}/${s3.bucket}/${place}`, BACKUP_S3_ACCESS_KEY_ID: s3.accessKeyId },
      ...{ BACKUP_S3_SECRET_ACCESS_KEY: secret, BACKUP_S3_REGION: s3.region },
    });
    const repository = openRestic({ program, target, passphrase: PASSPHRASE, cacheFolder: undefined });
    const folder = `${place}/keys/`;
    const keys = {
      names: async () => (await s3.keys()).flatMap((key) => (key.startsWith(folder) ? [key.slice(folder.length)] : [])),
      pathOf: (name: string) => s3.pathOf(`${folder}${name}`),
    };
    return withLightKey(repository, keys, PASSPHRASE);
  };

  async function takesAndGives(repository: Repository, into: string): Promise<void> {
    expect(await repository.find()).toBeUndefined();
    await repository.create();
    const home = crypto.randomUUID();
    const { id } = await repository.store(join(folder, 'content'), { home, tags: ['pandect', 'id=one'] });
    expect(await repository.snapshots(['pandect'])).toMatchObject([{ hostname: home, tags: ['pandect', 'id=one'] }]);
    await repository.check();
    await repository.restore(id, join(folder, into));
    expect(await readFile(join(folder, into, 'deed.txt'), 'utf8')).toContain('The rent is due');
    await repository.forget([id]);
    await repository.prune();
    expect(await repository.snapshots(['pandect'])).toEqual([]);
  }

  it('on S3 take a backup, verify it and give it back', async () => {
    await takesAndGives(await s3Repository('whole'), 'from-s3');
    expect(s3.requests.length).toBeGreaterThan(10);
  });

  it('on S3 that refuse the key are not taken for empty', async () => {
    await expect((await s3Repository('whole', 'another secret')).find()).rejects.toThrow('Open backup repository');
  });

  it('that say they have stored what they have not are found out (case 9)', async () => {
    const repository = await s3Repository('lying');
    await repository.create();
    s3.isLying = true;
    await repository
      .store(join(folder, 'content'), { home: 'a', tags: ['pandect'] })
      .catch((error: Error) => expect(error.message).toContain('Store'));
    s3.isLying = false;
    expect(await repository.snapshots(['pandect'])).toEqual([]);
    await repository.store(join(folder, 'content'), { home: 'a', tags: ['pandect'] });
    await repository.checkPresence();
    const pack = (await s3.keys()).find((key) => key.startsWith('lying/data/'));
    await rm(s3.pathOf(pack ?? ''));
    await expect(repository.checkPresence()).rejects.toThrow('Verify backups');
  });

  it.skipIf(!sshd)('over SFTP take a backup, verify it and give it back', async () => {
    const place = await startSshd(sshd ?? '', folder);
    try {
      const { restic } = await findBinaries(['restic']);
      const program = join(folder, 'restic-with-key');
      await writeFile(program, `#!/bin/sh\nexec "${restic}" -o sftp.command="${place.command}" "$@"\n`);
      await chmod(program, 0o755);
      const target = readTarget({
        ...none,
        BACKUP_TO: `sftp:${userInfo().username}@127.0.0.1:${join(folder, 'sftp')}`,
      });
      const repository = openRestic({ program, target, passphrase: PASSPHRASE, cacheFolder: undefined });
      await takesAndGives(withLightKey(repository, keysIn(join(folder, 'sftp')), PASSPHRASE), 'from-sftp');
      expect((await readdir(join(folder, 'sftp'))).length).toBeGreaterThan(3);
    } finally {
      place.stop();
    }
  });
});

/** A server of this user alone, which the returned command reaches. */
async function startSshd(program: string, folder: string): Promise<{ command: string; stop(): void }> {
  const [hostKey, key] = [join(folder, 'host-key'), join(folder, 'key')];
  for (const path of [hostKey, key]) {
    await runProgram('Make key', { program: 'ssh-keygen', args: ['-q', '-t', 'ed25519', '-N', '', '-f', path] });
  }
  const port = await freePort();
  const config = join(folder, 'sshd.conf');
  const lines = [
    ...[`ListenAddress 127.0.0.1:${port}`, `HostKey ${hostKey}`, `AuthorizedKeysFile ${key}.pub`, 'PidFile none'],
    ...[
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'Subsystem sftp internal-sftp',
    ],
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  // The program refuses to start without it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const server = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const piece of server.stderr) if (String(piece).includes('Server listening')) break;
  const command = `ssh -p ${port} -i ${key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes 127.0.0.1 -s sftp`;
  return {
    command,
    async stop() {
      server.kill();
      await once(server, 'exit');
    },
  };
}
