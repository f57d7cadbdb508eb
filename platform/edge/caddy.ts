import { lchown, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../kernel/replace-file.ts';
import type { ProcessUser } from '../services/process-user.ts';
import {
  endProcess,
  isAlive,
  isRunning,
  launch,
  logTail,
  readIfExists,
  type Service,
  waitUntil,
} from '../services/processes.ts';
import { giveTo } from '../services/service-user.ts';
import { adminAnswers, loadConfig } from './caddy-admin.ts';
import { assertMayServe } from './caddy-version.ts';
import { assertPortsFree } from './ports.ts';
import { type Routes, renderRoutes, renderSnippets } from './routes.ts';

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
  user?: ProcessUser | undefined;
}

/**
 * Writes the routes; true when they differ from those that were there.
 * @param trustedProxies addresses and networks
 */
export async function writeRoutes(
  run: string,
  routes: Routes,
  trustedProxies: readonly string[] = [],
): Promise<boolean> {
  const changed = await Promise.all([
    update(join(run, 'snippets.caddy'), renderSnippets(trustedProxies)),
    update(join(run, 'routes.caddy'), renderRoutes(routes)),
  ]);
  return changed.includes(true);
}

async function update(path: string, content: string): Promise<boolean> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === content) return false;
  await replaceFile(path, content, { mode: 0o644 });
  return true;
}

/** A running Caddy. */
export interface Edge extends Service {
  /** Reads the routes again. When they changed it cuts WebSockets and held requests; otherwise it does nothing. */
  reload(): Promise<void>;
}

/**
 * Starts Caddy, or takes over the one that an earlier supervisor left: that one serves on, and only where its
 * configuration has become another it loads the new one.
 * @throws when a port is in use, when the configuration is refused (one that runs then keeps the old), or when it does
 * not listen within 15 s, with the last lines of its log
 */
export async function startCaddy(options: CaddyOptions): Promise<Edge> {
  const { config, run, site, port } = options;
  const reload = async () => {
    await writeConfig(config, run);
    await openAdmin(options);
    try {
      await loadConfig(options.program, {
        config: ownConfig(run),
        socket: adminSocket(run),
        env: environment(options),
      });
    } finally {
      await closeAdmin(options);
    }
  };
  const pid = (await takeOver(run, reload)) ?? (await startNew(options));
  return {
    url: site.startsWith(':') ? `http://localhost:${port}` : `https://${site}`,
    pid,
    stop: () => stop(pid),
    reload,
  };
}

/**
 * Whether Caddy could listen: it runs already, or its ports are free. For a message before anything else is started.
 * @throws when another program has a port
 */
export async function assertCaddyCanListen({ run, site, port }: Pick<CaddyOptions, 'run' | 'site' | 'port'>) {
  if ((await runningCaddy(run)) === undefined) await assertPortsFree(site.startsWith(':') ? [port] : [80, 443]);
}

const ownConfig = (run: string) => join(run, 'Caddyfile');
/** Caddy's folder, which no other process enters. */
const ownFolder = (run: string) => join(run, 'sockets', 'edge');
/** What a Caddy that is started by somebody else needs, since the Caddyfile has its admin socket there. @returns the folder */
export async function makeEdgeFolder(run: string): Promise<string> {
  await mkdir(ownFolder(run), { recursive: true, mode: 0o700 });
  return ownFolder(run);
}

const adminSocket = (run: string) => join(ownFolder(run), 'admin.sock');

/**
 * Lets root alone give orders: a function could make Caddy itself connect there, by a link in the place of its socket. A link in the
 * place of the admin socket is not followed.
 */
async function closeAdmin({ run, user }: Pick<CaddyOptions, 'run' | 'user'>): Promise<void> {
  if (user) await lchown(adminSocket(run), 0, 0);
}

/** Gives it back for as long as Caddy loads a configuration: since 2.7 it sets the mode of the socket each time. */
async function openAdmin({ run, user }: Pick<CaddyOptions, 'run' | 'user'>): Promise<void> {
  if (user) await lchown(adminSocket(run), user.uid, user.gid);
}

/** Caddy writes it itself, so that one whose supervisor was killed at once is found too. */
const pidFile = (run: string) => join(ownFolder(run), 'caddy.pid');

/**
 * A copy of the Caddyfile with what it imports in place, since the checkout may lie where the unprivileged user cannot
 * read. Left as imports, Caddy would list those files in its configuration in an order that differs each time, and take
 * the same configuration for a new one.
 */
async function writeConfig(config: string, run: string): Promise<void> {
  let text = await readFile(config, 'utf8');
  for (const [line, file = ''] of text.matchAll(/^\s*import \{\$PANDECT_RUN\}\/(\S+)$/gm)) {
    const imported = await readFile(join(run, file), 'utf8');
    text = text.replace(line, () => `\n${imported}`);
  }
  await update(ownConfig(run), text);
}

async function runningCaddy(run: string): Promise<number | undefined> {
  const pid = Number(await readIfExists(pidFile(run)));
  return pid > 0 && (await isRunning(pid, ownConfig(run))) ? pid : undefined;
}

async function takeOver(run: string, reload: () => Promise<void>): Promise<number | undefined> {
  const pid = await runningCaddy(run);
  if (pid === undefined) return undefined;
  try {
    await reload();
    return pid;
  } catch (error) {
    if (await adminAnswers(adminSocket(run))) throw error;
    // It hangs, or is about to end.
    await stop(pid);
    return undefined;
  }
}

async function startNew(options: CaddyOptions): Promise<number> {
  const { program, config, run, log, site, port, user } = options;
  await assertMayServe(program, site);
  await assertCaddyCanListen(options);
  await writeConfig(config, run);
  await mkdir(ownFolder(run), { recursive: true, mode: 0o700 });
  await giveTo(user, ownFolder(run));
  const args = ['run', '--config', ownConfig(run), '--adapter', 'caddyfile', '--pidfile', pidFile(run)];
  const command = bindsLowPorts(site, port) && user ? withPortCapability(program, args, user) : { program, args, user };
  const logStart = (await readFile(log).catch(() => Buffer.alloc(0))).length;
  const pid = await launch({ ...command, cwd: run, log, env: environment(options) });
  // It may listen before its pid file is written, by which the next supervisor finds it.
  const serves = async () => (await answers(port, site)) && (await runningCaddy(run)) === pid;
  // Another server on the port may answer; then ours has ended.
  const ready = (await waitUntil(async () => (await serves()) || !(await isAlive(pid)), 15)) && (await isAlive(pid));
  if (ready) {
    await closeAdmin(options);
    return pid;
  }
  await stop(pid);
  throw new Error(`Start Caddy on "${site}": not listening within 15 s; ${await logTail(log, logStart)}`);
}

const stop = (pid: number) =>
  endProcess(pid, [
    { signal: 'SIGTERM', seconds: 35 },
    { signal: 'SIGKILL', seconds: 5 },
  ]);

/**
 * Half of the processors, at least one. Answers that come one after the other wake Caddy for each; with a processor to spare its
 * scheduler then looks for work on that one as well, which costs a request more than serving it there could save.
 */
export const edgeProcessors = (processors: number): number => Math.max(1, Math.floor(processors / 2));

const environment = ({ run, storage, site }: CaddyOptions) => ({
  GOMAXPROCS: String(edgeProcessors(availableParallelism())),
  PANDECT_RUN: run,
  PANDECT_CADDY: storage,
  PANDECT_SITE: site,
  XDG_DATA_HOME: storage,
  XDG_CONFIG_HOME: storage,
  HOME: storage,
});

const bindsLowPorts = (site: string, port: number) => !site.startsWith(':') || port < 1024;

/** An unprivileged process that may bind ports below 1024 and nothing else. */
const withPortCapability = (program: string, args: string[], { uid, gid, groups }: ProcessUser) => ({
  program: 'setpriv',
  args: [
    ...[`--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`],
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
