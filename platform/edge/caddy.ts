import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endProcess, isAlive, launch, logTail, type Service, waitUntil } from '../services/processes.ts';
import type { ServiceUser } from '../services/service-user.ts';
import { type Mount, renderRoutes, renderSnippets } from './routes.ts';

export interface CaddyOptions {
  program: string;
  /** The repository's Caddyfile. */
  config: string;
  run: string;
  storage: string;
  log: string;
  /** `:8080` or a domain. */
  site: string;
  port: number;
  user?: ServiceUser | undefined;
}

/** Writes the routes; true when they differ from those that were there. */
export async function writeRoutes(run: string, mounts: readonly Mount[]): Promise<boolean> {
  const changed = await Promise.all([
    replaceFile(join(run, 'snippets.caddy'), renderSnippets()),
    replaceFile(join(run, 'routes.caddy'), renderRoutes(mounts)),
  ]);
  return changed.includes(true);
}

async function replaceFile(path: string, content: string): Promise<boolean> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === content) return false;
  await writeFile(`${path}.next`, content, { mode: 0o644 });
  await rename(`${path}.next`, path);
  return true;
}

/** A running Caddy. */
export interface Edge extends Service {
  /** Reads the routes again. Cuts WebSockets and held requests, so only for routes that changed. */
  reload(): Promise<void>;
}

/** @throws when the edge does not listen within 15 s, with the last lines of its log */
export async function startCaddy(options: CaddyOptions): Promise<Edge> {
  const { program, config, run, storage, log, site, port, user } = options;
  const env = {
    PANDECT_RUN: run,
    PANDECT_CADDY: storage,
    PANDECT_SITE: site,
    XDG_DATA_HOME: storage,
    XDG_CONFIG_HOME: storage,
    HOME: storage,
  };
  // The checkout may lie where the unprivileged user cannot read.
  const ownConfig = join(run, 'Caddyfile');
  await replaceFile(ownConfig, await readFile(config, 'utf8'));
  const arguments_ = ['run', '--config', ownConfig, '--adapter', 'caddyfile'];
  const command =
    bindsLowPorts(site, port) && user
      ? withPortCapability(program, arguments_, user)
      : { program, args: arguments_, user };
  const logStart = (await readFile(log).catch(() => Buffer.alloc(0))).length;
  const pid = await launch({ ...command, cwd: run, log, env });
  // Another server on the port may answer; then ours has ended.
  const ready =
    (await waitUntil(async () => (await answers(port, site)) || !(await isAlive(pid)), 15)) && (await isAlive(pid));
  const service = {
    url: site.startsWith(':') ? `http://localhost:${port}` : `https://${site}`,
    pid,
    stop: () =>
      endProcess(pid, [
        { signal: 'SIGTERM', seconds: 35 },
        { signal: 'SIGKILL', seconds: 5 },
      ]),
    async reload() {
      const address = `unix/${run}/sockets/caddy-admin.sock`;
      await promisify(execFile)(
        program,
        ['reload', '--config', ownConfig, '--adapter', 'caddyfile', '--address', address, '--force'],
        {
          env: { ...env, PATH: process.env.PATH },
          timeout: 20_000,
        },
      );
    },
  };
  if (ready) return service;
  await service.stop();
  throw new Error(
    `Start Caddy on "${site}": not listening within 15 s; is the port in use? ${await logTail(log, logStart)}`,
  );
}

const bindsLowPorts = (site: string, port: number) => !site.startsWith(':') || port < 1024;

/** An unprivileged process that may bind ports below 1024 and nothing else. */
const withPortCapability = (program: string, args: string[], { uid, gid }: ServiceUser) => ({
  program: 'setpriv',
  args: [
    ...[`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'],
    ...['--inh-caps=+net_bind_service', '--ambient-caps=+net_bind_service', '--no-new-privs', program],
    ...args,
  ],
  user: undefined,
});

async function answers(port: number, site: string): Promise<boolean> {
  const address = site.startsWith(':') ? `http://127.0.0.1:${port}/api/openapi.json` : 'http://127.0.0.1:80/';
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(1000) });
    // Another server on this port would not carry this header.
    return !site.startsWith(':') || response.headers.get('referrer-policy') === 'no-referrer';
  } catch {
    return false;
  }
}
