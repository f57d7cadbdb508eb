import { mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteConfigured } from '../../../backup/configured.ts';
import { backupFolder, changeBackupState } from '../../../backup/state.ts';
import { type TemporaryHome, temporaryHome } from '../../../services/temporary-home.ts';
import { readBackupFigures } from './backup-figures.ts';

let place: TemporaryHome;
beforeEach(async () => {
  place = await temporaryHome();
});
afterEach(() => place.remove());

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const configured = async (source: Record<string, string>) => {
  const families = await readBackupFigures(place.home, source);
  const series = families.find(({ name }) => name === 'pandect_backup_configured_timestamp_seconds')?.series ?? [];
  return Object.fromEntries(series.map(({ labels, value }) => [labels?.part, new Date(value * 1000)]));
};

it('say since when backups go to this target, for what has to be done by itself', async () => {
  const source = { BACKUP_TO: '/mnt/a' };
  expect(await configured(source)).toEqual({});
  await noteConfigured(place.home, '/mnt/a', at(1));
  await noteConfigured(place.home, '/mnt/a', at(3));
  expect(await configured(source)).toEqual({ log: at(1), files: at(1), drill: at(1) });
  expect(await configured({ ...source, BACKUP_SCHEDULE: 'off' })).toEqual({});
  expect(await configured({ ...source, DATABASE_URL: 'postgres://elsewhere/pandect' })).toEqual({});
  expect(await configured({ BACKUP_TO: '/mnt/b' }), 'not noted yet').toEqual({});
  await noteConfigured(place.home, '/mnt/b', at(4));
  expect(await configured({ BACKUP_TO: '/mnt/b' })).toMatchObject({ log: at(4) });
});

it('begin again where the clock was ahead', async () => {
  await noteConfigured(place.home, '/mnt/a', at(20));
  await noteConfigured(place.home, '/mnt/a', at(2));
  expect(await configured({ BACKUP_TO: '/mnt/a' })).toMatchObject({ drill: at(2) });
});

it('tell no time of a drill of a dump, which is not repeated by itself', async () => {
  const drill = { at: at(2).toISOString(), id: 'a', seconds: 1, isPassed: true, succeededAt: at(2).toISOString() };
  await mkdir(backupFolder(place.home), { recursive: true });
  await changeBackupState(place.home, { drill });
  const told = async (source: Record<string, string>) =>
    (await readBackupFigures(place.home, source)).find(
      ({ name }) => name === 'pandect_restore_drill_success_timestamp_seconds',
    )?.series;
  expect(await told({})).toMatchObject([{ value: at(2).getTime() / 1000 }]);
  expect(await told({ DATABASE_URL: 'postgres://elsewhere/pandect' })).toEqual([]);
});
