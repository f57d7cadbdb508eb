import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build, stop } from 'esbuild';
import { bundling } from '../../platform/supervisor/release/bundle.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { until } from '../../tests/support/until.ts';
import { type BenchPlatform, checkout } from '../support/platform.ts';
import { visit } from '../support/steady-load.ts';
import { startSecondEdge } from './second-edge.ts';

const run = promisify(execFile);
const COMMAND_MS = 60_000;

/** An application of one process in PM2's cluster mode, the only mode in which it reloads without stopping first. */
export interface Pm2App {
  release: string;
  /** Behind a Caddy that is configured as the platform's own. */
  behindEdge: string;
  direct: string;
  /** Puts other content in place; PM2 does not know of it until it reloads. */
  write(version: string): Promise<void>;
  /** Resolves when the command has ended. */
  reload(): Promise<void>;
}

/** Installs PM2 with npm into a folder of its own and starts the application with it; all of it ends with the platform. */
export async function startPm2App(platform: BenchPlatform): Promise<Pm2App> {
  const folder = join(platform.folders.run, 'pm2');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  platform.onEnd(() => rm(folder, { recursive: true, force: true }));
  const release = await install(folder);
  // Its daemon runs with the Node that runs the bench, as all else does.
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: folder,
    PM2_HOME: join(folder, 'home'),
  };
  const pm2 = (...args: string[]) =>
    run(process.execPath, [join(folder, 'node_modules/pm2/bin/pm2'), ...args], {
      cwd: folder,
      env,
      timeout: COMMAND_MS,
    });
  const socket = join(folder, 'app.sock');
  const port = await freePort();
  const write = async (version: string) => {
    await build({
      ...bundling,
      splitting: false,
      absWorkingDir: checkout,
      entryPoints: [{ in: 'bench/peers/pm2-app.ts', out: 'app' }],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      define: { ...bundling.define, VERSION: JSON.stringify(version) },
      logLevel: 'silent',
    });
  };
  platform.onEnd(stop);
  await write('version 0');
  const app = {
    ...{ name: 'app', script: 'app.mjs', exec_mode: 'cluster', instances: 1 },
    ...{ wait_ready: true, listen_timeout: 10_000, kill_timeout: 10_000, vizion: false, pmx: false },
    env: { BENCH_SOCKET: socket, BENCH_PORT: String(port), NODE_ENV: 'production' },
  };
  await writeFile(join(folder, 'app.config.json'), JSON.stringify({ apps: [app] }));
  platform.onEnd(async () => void (await pm2('kill')));
  await pm2('start', 'app.config.json');
  // Caddy may run as another user.
  await chmod(socket, 0o777);
  const edge = await startSecondEdge(platform, [{ name: 'pm2', paths: ['/pm2'], sockets: [socket], timeout: 30 }]);
  const found = { release, behindEdge: `${edge.url}/pm2`, direct: `http://127.0.0.1:${port}/pm2` };
  for (const url of [found.behindEdge, found.direct]) {
    await until(`an answer of "${url}"`, async () => (await visit(false, url)).version);
  }
  return {
    ...found,
    write,
    async reload() {
      await pm2('reload', 'app');
    },
  };
}

/** @returns its version */
async function install(folder: string): Promise<string> {
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-update-notifier', 'pm2@latest'];
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  await run('npm', args, { cwd: folder, env, timeout: 120_000 }).catch((cause: Error) => {
    throw new Error(`Install pm2: ${cause.message}`, { cause });
  });
  const { default: manifest } = await import(join(folder, 'node_modules/pm2/package.json'), { with: { type: 'json' } });
  return manifest.version;
}
