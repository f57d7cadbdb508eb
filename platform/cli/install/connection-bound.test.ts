import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../kernel/environment.ts';
import { boundSettings, isBounded, renderConnectionBound } from './connection-bound.ts';

const run = promisify(execFile);

const rulesFor = (set: Record<string, string>) => renderConnectionBound(readEnvironment(boundSettings, set));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a network of its own, where the rules bind nothing else. */
async function alone(rules: string, script: string): Promise<string> {
  const path = join(folder, 'rules.nft');
  await writeFile(path, rules);
  const { stdout } = await run('unshare', ['--net', 'sh', '-euc', script, 'sh', path, process.execPath], {
    timeout: 30_000,
  });
  return stdout;
}
/** Undefined where rules can be loaded, which takes root, `ip` and `nft`. */
const lacks = await run('unshare', ['--net', 'sh', '-euc', 'ip link set lo up; nft list ruleset'], {
  timeout: 10_000,
}).then(
  () => undefined,
  (error: Error) => error.message.split('\n')[1] || error.message,
);
if (lacks) console.warn(`Skipped tests that load rules of nftables: ${lacks}`);

describe('the rules for connections', () => {
  it('bound the ports of the edge, HTTP/3 among them with a domain', () => {
    expect(rulesFor({ PANDECT_PORT: '9000' })).toContain('dport != { tcp . 9000 } accept');
    const domain = rulesFor({ PANDECT_DOMAIN: 'pandect.example.com', ALLOWED_HOSTS: 'pandect.example.com' });
    expect(domain).toContain('dport != { tcp . 80, tcp . 443, udp . 443 } accept');
  });

  it('count an IPv4 address or a /64, and leave out this host and trusted proxies', () => {
    const rules = rulesFor({
      MAX_CONNECTIONS_PER_CLIENT: '7',
      TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32, 192.0.2.1',
    });
    expect(rules).toContain('add @clients4 { ip saddr ct count over 7 }');
    expect(rules).toContain('add @clients6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over 7 }');
    expect(rules).toContain('elements = { 127.0.0.0/8, 10.0.0.0/8, 192.0.2.1 }');
    expect(rules).toContain('elements = { ::1, 2001:db8::/32 }');
  });

  it.each([{ MAX_CONNECTIONS_PER_CLIENT: '0' }, { PANDECT_EDGE: 'external' }])('are none with %j', (set) => {
    expect(isBounded(readEnvironment(boundSettings, set))).toBe(false);
    expect(rulesFor(set)).not.toContain('chain');
  });

  it.skipIf(lacks)('are understood by nft, whichever settings they come from', async () => {
    for (const set of [
      {},
      { MAX_CONNECTIONS_PER_CLIENT: '0' },
      { PANDECT_DOMAIN: 'pandect.example.com', TRUSTED_PROXIES: '10.0.0.0/8,10.0.0.1,::1,2001:db8::/32,127.0.0.1' },
    ]) {
      await alone(rulesFor(set), 'nft -c -f "$1"');
    }
  });

  it.skipIf(lacks)('are replaced, not added to, when they are loaded again, and taken away by none', async () => {
    const twice = await alone(rulesFor({}), 'nft -f "$1"; nft -f "$1"; nft list table inet pandect');
    expect(twice.match(/ct count over 256/g)).toHaveLength(2);
    expect(await alone(rulesFor({ PANDECT_EDGE: 'external' }), 'nft -f "$1"; nft list ruleset')).toBe('');
  });

  it.skipIf(lacks)('refuse what is over the bound, to each client by itself', async () => {
    const script = `
      import { connect, createServer } from 'node:net';
      import { once } from 'node:events';
      const server = createServer().listen(8080, '::');
      await once(server, 'listening');
      const open = (from, to) =>
        new Promise((resolve) => {
          const socket = connect({ host: to, port: 8080, localAddress: from });
          socket.on('connect', () => resolve(1)).on('error', () => resolve(0));
        });
      const opened = {};
      for (const [from, to] of ${JSON.stringify([
        ['198.51.100.7', '198.51.100.7'],
        ['198.51.100.8', '198.51.100.7'],
        ['198.51.100.9', '198.51.100.7'],
        ['127.0.0.1', '127.0.0.1'],
        ['2001:db8:0:1::7', '2001:db8:0:1::7'],
        ['2001:db8:0:1::8', '2001:db8:0:1::7'],
        ['2001:db8:0:2::7', '2001:db8:0:1::7'],
      ])}) {
        opened[from] = 0;
        for (let n = 0; n < 5; n++) opened[from] += await open(from, to);
      }
      process.stdout.write(JSON.stringify(opened));
      process.exit();`;
    const addresses = [
      '198.51.100.7',
      '198.51.100.8',
      '198.51.100.9',
      '2001:db8:0:1::7',
      '2001:db8:0:1::8',
      '2001:db8:0:2::7',
    ];
    const rules = rulesFor({ MAX_CONNECTIONS_PER_CLIENT: '3', TRUSTED_PROXIES: '198.51.100.9' });
    const file = join(folder, 'clients.mjs');
    await writeFile(file, script);
    const stdout = await alone(
      rules,
      `ip link set lo up; for address in ${addresses.join(' ')}; do ip address add "$address" dev lo nodad; done; nft -f "$1"; "$2" ${file}`,
    );
    expect(JSON.parse(stdout)).toEqual({
      '198.51.100.7': 3,
      '198.51.100.8': 3,
      '198.51.100.9': 5,
      '127.0.0.1': 5,
      '2001:db8:0:1::7': 3,
      // Of the same /64.
      '2001:db8:0:1::8': 0,
      '2001:db8:0:2::7': 3,
    });
  });
});
