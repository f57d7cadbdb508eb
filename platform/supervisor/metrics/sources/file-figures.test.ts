import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLogRecord } from '../../../backup/log/log-record.ts';
import { changeBackupState } from '../../../backup/state.ts';
import { readBackupFigures } from './backup-figures.ts';
import { readCertificateFigures } from './certificate-figures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const values = (families: Awaited<ReturnType<typeof readBackupFigures>>) =>
  Object.fromEntries(families.flatMap(({ name, series }) => series.map(({ value }) => [name, value])));

describe('figures of the certificate', () => {
  const domain = 'pandect.example';
  /** As Caddy keeps them. */
  async function issue(authority: string, days: number): Promise<void> {
    const place = join(folder, 'certificates', authority, domain);
    await mkdir(place, { recursive: true });
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(place, 'key')];
    const certificate = ['-subj', `/CN=${domain}`, '-days', String(days), '-out', join(place, `${domain}.crt`)];
    execFileSync('openssl', ['req', '-x509', ...key, ...certificate], { stdio: 'ignore' });
  }

  it('say when the newest of the domain ends', async () => {
    await issue('old.example-directory', 10);
    await issue('new.example-directory', 80);
    const [end = 0] = Object.values(values(await readCertificateFigures(folder, domain)));
    expect((end - Date.now() / 1000) / 86_400).toBeCloseTo(80, 1);
  });

  it('are none without a domain, without a certificate, and of one that cannot be read', async () => {
    expect(await readCertificateFigures(folder, undefined)).toEqual([]);
    expect(values(await readCertificateFigures(folder, domain))).toEqual({});
    const place = join(folder, 'certificates', 'one', domain);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, `${domain}.crt`), 'no certificate');
    expect(values(await readCertificateFigures(folder, domain))).toEqual({});
  });
});

describe('figures of the backups', () => {
  it('are none before the first one', async () => {
    expect(values(await readBackupFigures({ root: folder }))).toEqual({});
  });

  it('have the times of the newest backup and of the last drill that succeeded', async () => {
    await mkdir(join(folder, 'backup'));
    const at = (second: number) => new Date(second * 1000).toISOString();
    await changeBackupState(
      { root: folder },
      {
        newest: { id: 'x', startedAt: at(1000), finishedAt: at(1060), seconds: 60, bytes: 5, added: 2 },
        drill: { at: at(3000), id: 'x', seconds: 30, isPassed: false, succeededAt: at(2000) },
      },
    );
    const known = values(await readBackupFigures({ root: folder }));
    expect(known).not.toHaveProperty('pandect_wal_archived_timestamp_seconds');
    expect(known).toMatchObject({
      pandect_backup_last_success_timestamp_seconds: 1000,
      pandect_backup_duration_seconds: 60,
      pandect_restore_drill_success_timestamp_seconds: 2000,
      pandect_restore_drill_duration_seconds: 30,
    });
  });

  it('say up to when the log of the database is at the target, once something is', async () => {
    await mkdir(join(folder, 'backup'));
    const at = '2026-01-31T12:00:00.000Z';
    const record = { stream: 's', timeline: 1, chapter: { number: 0, beganAt: at } };
    await writeLogRecord({ root: folder }, record);
    expect(values(await readBackupFigures({ root: folder }))).toEqual({});
    await writeLogRecord({ root: folder }, { ...record, archivedAt: at });
    expect(values(await readBackupFigures({ root: folder }))).toEqual({
      pandect_wal_archived_timestamp_seconds: Date.parse(at) / 1000,
    });
  });
});
