import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../kernel/log.ts';
import { openServiceManager } from './service-manager.ts';

/** Receives datagrams as systemd does, and prints each as a line. */
const RECEIVER = `
  use IO::Socket::UNIX; use Socket; $| = 1;
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die;
  print "listening\\n";
  while (defined $socket->recv(my $text, 4096)) { $text =~ tr/\\n/ /; print "$text\\n" }
`;
const canRun = (() => {
  try {
    execFileSync('systemd-notify', ['--version'], { stdio: 'ignore' });
    execFileSync('perl', ['-MIO::Socket::UNIX', '-e', '1'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!canRun) process.stderr.write('Skipped a test of what systemd is told: it needs systemd-notify and perl\n');

const log = createLog({ level: 'silent' });

describe('the service manager', () => {
  it.skipIf(!canRun)('is told when the platform serves, and then that the process is alive', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    const path = join(folder, 'notify');
    const receiver = spawn('perl', ['-e', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    receiver.stdout.setEncoding('utf8').on('data', (part) => {
      said += part;
    });
    const ended = once(receiver, 'exit');
    try {
      await expect.poll(() => said).toContain('listening');
      const environment = { PATH: process.env.PATH, NOTIFY_SOCKET: path, WATCHDOG_USEC: '300000' };
      const manager = openServiceManager(environment)(log);
      expect(environment, 'nothing that a child could speak with').toEqual({ PATH: process.env.PATH });
      await manager.ready('Serving at http://localhost:8080');
      expect(said).toMatch(/READY=1.*STATUS=Serving at http:\/\/localhost:8080/);
      await expect.poll(() => said.split('WATCHDOG=1').length, { timeout: 10_000 }).toBeGreaterThan(3);
    } finally {
      receiver.kill();
      await ended;
      await rm(folder, { recursive: true });
    }
  });

  it('may be missing', async () => {
    const manager = openServiceManager({ PATH: process.env.PATH })(log);
    await manager.ready('Serving');
  });
});
