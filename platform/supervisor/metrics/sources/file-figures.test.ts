import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFilesRecord } from '../../../backup/log/files-record.ts';
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
    const [end = 0] = Object.values(values(await readCertificateFigures(folder, domain, false)));
    expect((end - Date.now() / 1000) / 86_400).toBeCloseTo(80, 1);
  });

  it('say whether there is none, which only the own edge knows', async () => {
    const missing = async (isOurs: boolean) =>
      values(await readCertificateFigures(folder, domain, isOurs)).pandect_certificate_missing;
    expect([await missing(true), await missing(false)]).toEqual([1, undefined]);
    await issue('one.example-directory', 80);
    expect(await missing(true)).toBe(0);
  });

  it('are none without a domain, without a certificate, and of one that cannot be read', async () => {
    expect(await readCertificateFigures(folder, undefined, true)).toEqual([]);
    expect(values(await readCertificateFigures(folder, domain, false))).toEqual({});
    const place = join(folder, 'certificates', 'one', domain);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, `${domain}.crt`), 'no certificate');
    expect(values(await readCertificateFigures(folder, domain, false))).toEqual({});
  });
});

describe('figures of the backups', () => {
  it('are none before the first one', async () => {
    expect(values(await readBackupFigures({ root: folder }, {}))).toEqual({});
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
    const known = values(await readBackupFigures({ root: folder }, {}));
    expect(known).not.toHaveProperty('pandect_wal_archived_timestamp_seconds');
    expect(known).toMatchObject({
      pandect_backup_last_success_timestamp_seconds: 1000,
      pandect_backup_duration_seconds: 60,
      pandect_restore_drill_success_timestamp_seconds: 2000,
      pandect_restore_drill_duration_seconds: 30,
    });
  });

  it('say up to when log and files are at the target, or since when they are not', async () => {
    await mkdir(join(folder, 'backup'));
    const at = '2026-01-31T12:00:00.000Z';
    const second = Date.parse(at) / 1000;
    const keptSince = new Date((second - 60) * 1000).toISOString();
    const record = { keptSince, stream: 's', timeline: 1, chapter: { number: 0, beganAt: at } };
    const figures = async () => values(await readBackupFigures({ root: folder }, {}));
    await writeLogRecord({ root: folder }, record);
    expect(await figures()).toEqual({ pandect_wal_archived_timestamp_seconds: second - 60 });
    await writeLogRecord({ root: folder }, { ...record, archivedAt: at });
    expect(await figures()).toEqual({ pandect_wal_archived_timestamp_seconds: second });
    const failure = { at, since: keptSince, message: 'no answer' };
    await writeFilesRecord({ root: folder }, { failure });
    expect(await figures()).toMatchObject({ pandect_files_archived_timestamp_seconds: second - 60 });
    await writeFilesRecord({ root: folder }, { failure, archivedAt: at });
    expect(await figures()).toMatchObject({ pandect_files_archived_timestamp_seconds: second });
  });
});
