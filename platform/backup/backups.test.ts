import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, open, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHomeId } from '../supervisor/home/whole-home.ts';
import { commandEnvironment } from '../testing/command-environment.ts';
import { createBackup } from './create-backup.ts';
import { listBackups } from './list-backups.ts';
import { hasRestic, PASSPHRASE, type PlatformData, platformData } from './platform.fixture.ts';
import { printSheet } from './recovery-sheet.ts';
import { ResticFailure } from './repository/restic-failure.ts';
import { changeBackupState, readBackupState } from './state.ts';
import { verifyBackup } from './verify-backup.ts';

const root = join(import.meta.dirname, '../..');
const options = { root, progress: () => {} };

/** One platform for all cases, which follow each other. The key of a repository is slow to try, by design, on a busy machine above all. */
describe.skipIf(!hasRestic)('backups', { timeout: 180_000 }, () => {
  let data: PlatformData;
  let target: string;
  beforeAll(async () => {
    data = await platformData();
    target = join(data.folder, 'backups');
  }, 180_000);
  afterAll(() => data.close());

  it('hold database and keys before there are files, say how much of each, and are found whole', async () => {
    const place = await data.placeAt(target);
    const { manifest } = await createBackup(place, options);
    expect(manifest).toMatchObject({
      ...{ format: 1, home: await readHomeId(data.home), settings: {}, secrets: [] },
      database: { kind: 'files', maxConnections: 130, rows: { organizations: { before: 1, after: 1 } } },
      files: { count: 0, bytes: 0 },
      certificates: { count: 1 },
    });
    expect(manifest.keys.count).toBeGreaterThanOrEqual(3);
    expect(await verifyBackup(place, undefined)).toMatchObject({ id: manifest.id, differences: [] });
    expect(await listBackups(place.repository)).toMatchObject([{ id: manifest.id, isComplete: true, files: 0 }]);
    expect(await readBackupState(data.home)).toMatchObject({
      newest: { id: manifest.id },
      verified: { id: manifest.id },
    });
    expect([...(await data.owner`select id from newest_backup`)]).toEqual([{ id: manifest.id }]);
    expect(await readdir(join(data.home.root, 'backup'))).not.toContain('staging');
  });

  it('have ids of their own (case 10), share what is the same, and leave out uploads that still arrive', async () => {
    const place = await data.placeAt(target);
    await mkdir(join(data.home.files, 'partial'), { recursive: true });
    await writeFile(join(data.home.files, 'partial', 'half'), 'half');
    const [first] = await listBackups(place.repository);
    await data.addDocument('The first document');
    await data.addDocument('The second document');
    const { manifest, added } = await createBackup(place, options);
    expect(manifest.files).toMatchObject({ count: 2 });
    expect(added).toBeLessThan(manifest.database.bytes / 4);
    // Of two on the same day the newer one stays.
    expect((await listBackups(place.repository)).map(({ id }) => id)).toEqual([manifest.id]);
    expect(manifest.id > (first?.id ?? '')).toBe(true);
  });

  it('are refused with another passphrase, which makes no second repository', async () => {
    const place = await data.placeAt(target, 'another passphrase of the tests');
    await expect(createBackup(place, options)).rejects.toThrow('Open backup repository: wrong passphrase: set BACKUP_');
    await expect(verifyBackup(place, undefined)).rejects.toThrow('wrong passphrase');
    expect(await readBackupState(data.home)).toMatchObject({ failure: { message: /wrong passphrase/ } });
  });

  it('are refused while keys are missing (case 4)', async () => {
    const key = join(data.home.keys, 'jwt-private.pem');
    await rename(key, `${key}.away`);
    try {
      const refused = createBackup(await data.placeAt(target), options);
      await expect(refused).rejects.toThrow('jwt-private.pem"; a backup without them cannot be restored');
    } finally {
      await rename(`${key}.away`, key);
    }
  });

  it('do not go to an empty folder where the repository was: the disk may not be mounted', async () => {
    await rename(target, `${target}.away`);
    try {
      await mkdir(target);
      await expect(createBackup(await data.placeAt(target), options)).rejects.toThrow(
        'it is gone; is the disk mounted?',
      );
      expect(await readdir(target)).toEqual([]);
    } finally {
      await rm(target, { recursive: true, force: true });
      await rename(`${target}.away`, target);
    }
    const elsewhere = await data.placeAt(join(data.folder, 'missing', 'backups'));
    await expect(createBackup(elsewhere, options)).rejects.toThrow('is missing; is the disk mounted?');
  });

  it('with a flipped byte in any part are found damaged', async () => {
    const damaged = join(data.folder, 'damaged');
    for (const part of ['data', 'index', 'snapshots', 'keys', '']) {
      await cp(target, damaged, { recursive: true });
      await flipByte(part === '' ? join(damaged, 'config') : await largestFile(join(damaged, part)));
      const verified = verifyBackup(await data.placeAt(damaged), undefined);
      await expect(verified, part).rejects.toThrow(/^(Verify backups|List backups|Open backup repository)/);
      await rm(damaged, { recursive: true, force: true });
    }
  });

  it('are complete while a large upload keeps what is too old from being removed, for some days', async () => {
    const place = await data.placeAt(target);
    const locked = async () => {
      throw new ResticFailure('Remove old backups', 'locked', '');
    };
    const busy = { ...place, repository: { ...place.repository, forget: locked } };
    const { manifest, removed, isTidy } = await createBackup(busy, options);
    expect({ removed, isTidy }).toEqual({ removed: [], isTidy: false });
    expect(await readBackupState(data.home)).toMatchObject({
      newest: { id: manifest.id },
      untidySince: expect.any(String),
    });
    expect((await readBackupState(data.home)).failure).toBeUndefined();

    const longAgo = new Date(Date.now() - 4 * 24 * 3_600_000).toISOString();
    await changeBackupState(data.home, { untidySince: longAgo });
    await expect(createBackup(busy, options)).rejects.toThrow('another host or process is working');
    expect(await readBackupState(data.home)).toMatchObject({ failure: { message: /Remove old backups/ } });
  });

  it('that were cut off do not count, and the next one continues over their lock (case 8)', async () => {
    const place = await data.placeAt(target);
    const before = (await listBackups(place.repository)).at(-1);
    await writeFile(join(data.home.files, 'large'), Buffer.alloc(32 * 1024 ** 2, crypto.randomUUID()));
    const child = spawn(process.execPath, ['pandect.ts', 'backup', 'create'], {
      cwd: root,
      env: { ...commandEnvironment, PANDECT_HOME: data.path, BACKUP_TO: target, BACKUP_PASSPHRASE: PASSPHRASE },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    for await (const piece of child.stderr) if (String(piece).includes('Storing files')) break;
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
    const cut = (await listBackups(place.repository)).filter(({ isComplete }) => !isComplete);
    expect(cut).toMatchObject([{ manifest: undefined }]);
    await expect(verifyBackup(place, cut[0]?.id)).rejects.toThrow('it is not complete, as it was cut off');
    expect((await verifyBackup(place, undefined)).id).toBe(before?.id);

    const { manifest, isTidy } = await createBackup(place, options);
    expect((await verifyBackup(place, undefined)).id).toBe(manifest.id);
    // What was put off before is done.
    const complete = (await listBackups(place.repository)).filter(({ isComplete }) => isComplete);
    expect([isTidy, complete.map(({ id }) => id)]).toEqual([true, [manifest.id]]);
    expect(await readBackupState(data.home)).not.toHaveProperty('untidySince');
  });

  it('say that the target is full, and leave the earlier ones whole', async ({ skip }) => {
    const small = join(data.folder, 'small');
    await mkdir(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'pandect-test', small], { stdio: 'pipe' });
    } catch {
      skip('this user may not mount a small disk');
    }
    try {
      const place = await data.placeAt(join(small, 'backups'));
      const { manifest } = await createBackup(place, options);
      await data.addDocument(randomBytes(2 * 1024 ** 2));
      const { bavail, bsize } = await statfs(small);
      const filler = join(small, 'filler');
      execFileSync('fallocate', ['-l', String(bavail * bsize - 256 * 1024), filler]);
      await expect(createBackup(place, options)).rejects.toThrow('no space is left at the target');
      expect(await readBackupState(data.home)).toMatchObject({
        ...{ newest: { id: manifest.id }, failure: { message: /no space is left/ } },
      });
      // While it is full, too.
      expect(await verifyBackup(place, undefined)).toMatchObject({ id: manifest.id, differences: [] });

      await rm(filler);
      const next = await createBackup(place, options);
      expect(await verifyBackup(place, undefined)).toMatchObject({ id: next.manifest.id, differences: [] });
    } finally {
      execFileSync('umount', ['--lazy', small]);
    }
  });

  it('have a recovery sheet, which is printed once', async () => {
    const place = await data.placeAt(target);
    const sheet = await printSheet(place, { again: false });
    expect(sheet).toContain(`Passphrase:   ${PASSPHRASE}`);
    expect(sheet).toContain(`export BACKUP_TO='${target}'`);
    await expect(printSheet(place, { again: false })).rejects.toThrow('it was printed at');
    expect(await printSheet(place, { again: true })).toContain(PASSPHRASE);
  });
});

async function largestFile(folder: string): Promise<string> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = await Promise.all(
    entries.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path, bytes: (await stat(path)).size };
    }),
  );
  return files.toSorted((a, b) => b.bytes - a.bytes)[0]?.path ?? '';
}

async function flipByte(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  try {
    const at = Math.floor(size / 2);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, at);
  } finally {
    await file.close();
  }
}
