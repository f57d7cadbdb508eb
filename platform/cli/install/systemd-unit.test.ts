import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderUnit } from './systemd-unit.ts';

const unit = renderUnit({ project: '/opt/pandect', home: '/srv/pandect' });
const verifier = await promisify(execFile)('systemd-analyze', ['--version'], { timeout: 5_000 }).catch(() => undefined);

/** Receives datagrams as systemd does, and prints the process that each is from. */
const RECEIVER = `
import array, os, socket, struct, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
listener.bind(sys.argv[1])
print("listening", flush=True)
while True:
    text, control, _, _ = listener.recvmsg(4096, 256)
    for _, kind, data in control:
        if kind == socket.SCM_CREDENTIALS:
            print(struct.unpack("iii", data[:12])[0], text.decode().replace("\\n", " "), flush=True)
        else:
            for each in array.array("i", data): os.close(each)
`;
const canForge = await (async () => {
  const programs = ['python3', 'setpriv', 'systemd-notify'];
  const found = programs.map((name) => promisify(execFile)(name, ['--version'], { timeout: 20_000 }));
  return process.getuid?.() === 0 && (await Promise.allSettled(found)).every(({ status }) => status === 'fulfilled');
})();
if (!canForge)
  process.stdout.write('SKIPPED: who speaks to systemd; it needs root, python3, setpriv and systemd-notify\n');

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

  it.skipIf(!canForge)(
    'leaves the supervisor what it takes to be the one that systemd hears (NotifyAccess=main)',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
      const path = join(folder, 'notify');
      const receiver = spawn('python3', ['-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      receiver.stdout.setEncoding('utf8').on('data', (part) => {
        said += part;
      });
      const ended = once(receiver, 'exit');
      try {
        await expect.poll(() => said, { timeout: 20_000 }).toContain('listening');
        const [, capabilities = ''] = /\nCapabilityBoundingSet=(.*)\n/.exec(unit) ?? [];
        const bound = ['-all', ...capabilities.split(' ').map((name) => `+${name.slice(4).toLowerCase()}`)].join(',');
        const manager = join(import.meta.dirname, '../../supervisor/service-manager.ts');
        const script = `
        import { openServiceManager } from ${JSON.stringify(manager)};
        await openServiceManager(process.env)({ warn: (words) => console.error(words) }).ready('Serving');
        console.log(process.pid);`;
        const { stdout } = await promisify(execFile)(
          'setpriv',
          [
            ...['--no-new-privs', `--bounding-set=${bound}`, '--inh-caps=-all'],
            ...[process.execPath, '--input-type=module', '--eval', script],
          ],
          { env: { PATH: process.env.PATH, NOTIFY_SOCKET: path }, timeout: 60_000 },
        );
        expect(said).toMatch(new RegExp(`^${stdout.trim()} .*READY=1 STATUS=Serving`, 'm'));
      } finally {
        receiver.kill();
        await ended;
        await rm(folder, { recursive: true });
      }
    },
    90_000,
  );

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
