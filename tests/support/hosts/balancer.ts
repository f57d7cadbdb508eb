import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../../../platform/services/binaries.ts';
import { freePort } from '../../../platform/testing/free-port.ts';
import { until } from '../until.ts';

export interface Balancer {
  url: string;
  /** What it has said since it started: which host it left out when, and why. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** A Caddy that gives every request to the next host, and to another one where that refuses a connection, as `docs/production/several-hosts.md` has it. */
export async function startBalancer(upstreams: readonly string[]): Promise<Balancer> {
  const { caddy } = await findBinaries(['caddy']);
  const folder = await mkdtemp(join(tmpdir(), 'pandect-balancer-'));
  const [port, file] = [await freePort(), join(folder, 'Caddyfile')];
  await writeFile(
    file,
    `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy ${upstreams.join(' ')} {
    lb_policy round_robin
    lb_try_duration 3s
    health_uri /ready
    health_interval 1s
    flush_interval -1
    transport http {
      dial_timeout 1s
    }
  }
}
`,
  );
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const log = await open(join(folder, 'log'), 'a');
  const stdio = ['ignore', log.fd, log.fd] as const;
  const child = spawn(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], { env, stdio: [...stdio] });
  await log.close();
  const url = `http://127.0.0.1:${port}`;
  await until('the balancer', async () => (await fetch(`${url}/ready`).catch(() => undefined))?.ok || undefined, 30);
  return {
    url,
    log: () => readFile(join(folder, 'log'), 'utf8'),
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
