import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderUnit } from './systemd-unit.ts';

const unit = renderUnit({ project: '/opt/pandect', home: '/srv/pandect' });
const verifier = await promisify(execFile)('systemd-analyze', ['--version'], { timeout: 5_000 }).catch(() => undefined);

/** Measured: 4.4, and 7.7 before capabilities and system calls were bounded. */
const EXPOSURE = 5;

describe('the systemd unit', () => {
  it('runs the supervisor of this checkout, which alone ends when the service does', () => {
    expect(unit).toContain('\nExecStart="/opt/pandect/scripts/pandect" up --keep\n');
    expect(unit).toContain('\nKillMode=process\n');
    expect(unit).toContain('\nRestart=always\n');
    expect(unit).toContain('\nDelegate=yes\n');
    expect(unit).toContain('\nEnvironmentFile=-/etc/pandect/environment\n');
  });

  it('lets neither protection nor a private folder come between the processes and their sockets', () => {
    expect(unit).toContain('\nReadWritePaths=-"/opt/pandect" -"/srv/pandect"\n');
    expect(unit).toContain('\nProtectHome=read-only\n');
    expect(unit).not.toMatch(/PrivateTmp|ProtectControlGroups|MemoryDenyWriteExecute|PrivateUsers|ProtectProc/);
    const further = renderUnit({ project: '/opt/pandect', home: '/srv/pandect', writable: ['/home/backups'] });
    expect(further).toContain('\nReadWritePaths=-"/opt/pandect" -"/srv/pandect" -"/home/backups"\n');
  });

  it('is told when the platform serves, and looks whether the supervisor lives', () => {
    expect(unit).toContain('\nType=notify\nNotifyAccess=main\n');
    expect(unit).toMatch(/\nWatchdogSec=90\nWatchdogSignal=SIGKILL\n/);
  });

  it('escapes what has a meaning for systemd, and refuses what it cannot take', () => {
    expect(renderUnit({ project: '/opt/50% of', home: '/srv' })).toContain(
      '\nExecStart="/opt/50%% of/scripts/pandect" up --keep\n',
    );
    expect(() => renderUnit({ project: '/opt/"', home: '/srv' })).toThrow('systemd takes no quotes or backslashes');
  });

  it.skipIf(!verifier)('is understood by systemd', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    try {
      const project = join(folder, 'a %h $c');
      await mkdir(join(project, 'scripts'), { recursive: true });
      await writeFile(join(project, 'scripts', 'pandect'), '#!/bin/sh\n', { mode: 0o755 });
      const path = join(folder, 'pandect.service');
      await writeFile(path, renderUnit({ project, home: join(folder, 'home') }));
      const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', path], {
        timeout: 20_000,
      });
      // Versions before 254 pass over this one with a warning.
      const complaints = stderr.split('\n').filter((line) => line.includes(path) && !line.includes('DelegateSubgroup'));
      expect(complaints).toEqual([]);
      const { stdout } = await promisify(execFile)(
        'systemd-analyze',
        ['security', '--offline=true', '--threshold=100', '--no-pager', path],
        { timeout: 20_000 },
      );
      // From 0, which is safe, to 10.
      expect(Number(/exposure level for pandect\.service: (\d+\.\d)/.exec(stdout)?.[1])).toBeLessThan(EXPOSURE);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
