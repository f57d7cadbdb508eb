import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFamilies } from '../family.ts';
import { placesThatGrow, readDiskFigures } from './disk-figures.ts';

const home = { root: '/var/lib/pandect', files: '/var/lib/pandect/files' };

describe('figures of the disks', () => {
  it('are those of each disk once, by the first place on it, without what is missing', async () => {
    const places = placesThatGrow(home, { UPLOAD_DIR: '/mnt/files', BACKUP_TO: '/mnt/backups' });
    const read = async (devices: Record<string, number>) => {
      const families = await readDiskFigures(places, async (folder) => {
        const device = devices[folder];
        if (device === undefined) throw new Error('ENOENT');
        return { device, totalBytes: 100 * device, freeBytes: device };
      });
      return writeFamilies(families)
        .split('\n')
        .filter((line) => line.startsWith('pandect_host_disk_free'));
    };
    expect(await read({ '/var/lib/pandect': 1, '/mnt/files': 2, '/mnt/backups': 3 })).toEqual([
      'pandect_host_disk_free_bytes{place="home"} 1',
      'pandect_host_disk_free_bytes{place="files"} 2',
      'pandect_host_disk_free_bytes{place="backups"} 3',
    ]);
    expect(await read({ '/var/lib/pandect': 1, '/mnt/files': 1 })).toEqual([
      'pandect_host_disk_free_bytes{place="home"} 1',
    ]);
  });

  it('look at the folders of the settings, and at no target on another host', async () => {
    expect(placesThatGrow(home, {})).toEqual([
      ['home', home.root],
      ['files', home.files],
    ]);
    const elsewhere = placesThatGrow(home, { BACKUP_TO: 'sftp:user@host:/backups' });
    expect(elsewhere.map(([place]) => place)).toEqual(['home', 'files']);
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    try {
      const [total, free] = await readDiskFigures([['home', folder]]);
      expect(free?.series[0]?.value).toBeLessThanOrEqual(total?.series[0]?.value ?? 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
