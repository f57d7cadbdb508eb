import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFamilies } from '../family.ts';
import { createSource } from '../source.ts';
import { createDiskFigures, placesThatGrow } from './disk-figures.ts';

const home = { root: '/var/lib/pandect', files: '/var/lib/pandect/files' };
const places = () => placesThatGrow(home, { UPLOAD_DIR: '/mnt/files', BACKUP_TO: '/mnt/backups' });
const linesOf = (families: Parameters<typeof writeFamilies>[0], name: string) =>
  writeFamilies(families)
    .split('\n')
    .filter((line) => line.startsWith(`pandect_host_disk_${name}`));
const disk = (device: number) => ({ device, totalBytes: 100 * device, freeBytes: device });

describe('figures of the disks', () => {
  it('are those of each disk once, by the first place on it, without what is missing', async () => {
    const read = async (devices: Record<string, number>) => {
      const figures = createDiskFigures({
        places,
        async measure(folder) {
          const device = devices[folder];
          if (device === undefined) throw new Error('ENOENT');
          return disk(device);
        },
      });
      return figures();
    };
    const three = await read({ '/var/lib/pandect': 1, '/mnt/files': 2, '/mnt/backups': 3 });
    expect(linesOf(three, 'free')).toEqual([
      'pandect_host_disk_free_bytes{place="home"} 1',
      'pandect_host_disk_free_bytes{place="files"} 2',
      'pandect_host_disk_free_bytes{place="backups"} 3',
    ]);
    const one = await read({ '/var/lib/pandect': 1, '/mnt/files': 1 });
    expect(linesOf(one, 'free')).toEqual(['pandect_host_disk_free_bytes{place="home"} 1']);
    expect(linesOf(one, 'answers')).toEqual([
      'pandect_host_disk_answers{place="home"} 1',
      'pandect_host_disk_answers{place="files"} 1',
    ]);
  });

  it('are there of the others while one disk never answers, which is told and not asked again', async () => {
    let questions = 0;
    let answer = () => {};
    const read = createDiskFigures({
      places,
      limitMs: 50,
      async measure(folder) {
        if (folder !== '/mnt/files') return disk(folder === '/mnt/backups' ? 3 : 1);
        questions += 1;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return disk(2);
      },
    });
    // As the supervisor asks, which waits two seconds for all of them.
    const source = createSource({ name: 'disks', everyMs: 0, read, log: { warn() {} } });
    for (const _ of ['a scrape', 'the next']) {
      const families = await source.read();
      expect(linesOf(families, 'free')).toEqual([
        'pandect_host_disk_free_bytes{place="home"} 1',
        'pandect_host_disk_free_bytes{place="backups"} 3',
      ]);
      expect(linesOf(families, 'answers')).toEqual([
        'pandect_host_disk_answers{place="home"} 1',
        'pandect_host_disk_answers{place="files"} 0',
        'pandect_host_disk_answers{place="backups"} 1',
      ]);
    }
    expect(questions, 'each takes a thread').toBe(1);
    answer();
    const back = await source.read();
    expect(linesOf(back, 'answers')).toContain('pandect_host_disk_answers{place="files"} 1');
    expect(linesOf(back, 'free')).toContain('pandect_host_disk_free_bytes{place="files"} 2');
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
      const [total, free] = await createDiskFigures({ places: () => [['home', folder]] })();
      expect(free?.series[0]?.value).toBeLessThanOrEqual(total?.series[0]?.value ?? 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
