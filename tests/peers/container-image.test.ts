import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findBinaries } from '../../platform/services/binaries.ts';
import { startPostgres } from '../../platform/services/postgres.ts';
import { endProcess, type Service } from '../../platform/services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Images, missingForImages, openImages } from '../support/containers/podman.ts';
import { checkout, pandect } from '../support/platform.ts';
import { until } from '../support/until.ts';

/** A folder that keeps images from one run to the next; any other value builds them in one that goes. */
const kept = process.env.PANDECT_PEER_IMAGE?.startsWith('/') ? process.env.PANDECT_PEER_IMAGE : undefined;
const TAG = 'localhost/pandect:test';
const USER = 10001;
const HOME = '/var/lib/pandect';

const missing = await missingForImages();
if (missing !== undefined) process.stdout.write(`The image is not built: ${missing}\n`);

describe.skipIf(missing !== undefined)('the image', () => {
  let folder: string;
  let images: Images;
  let home: TemporaryHome;
  let postgres: Service;
  let redis: ChildProcess;
  let caddy: ChildProcess;
  let container: { child: ChildProcess; output(): string; pid(): Promise<number> };
  let url: string;
  let copy: CheckoutCopy;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-image-'));
    await chmod(folder, 0o755);
    images = await openImages(kept ?? join(folder, 'images'));
    home = await temporaryHome();
    const binaries = await findBinaries(['postgres']);
    postgres = await startPostgres({
      home: home.home,
      binaries,
      settings: { fsync: 'off', unix_socket_permissions: '0777' },
    });
    await chmod(join(home.home.sockets, 'postgres'), 0o755);
    for (const name of ['state', 'state/run', 'state/caddy', 'secrets']) {
      await mkdir(join(folder, name), { mode: 0o700 });
      await chown(join(folder, name), USER, USER);
    }
    const database = new URL(postgres.url);
    database.searchParams.set('host', '/sockets/postgres');
    const [redisPort, edgePort] = [await freePort(), await freePort()];
    const secrets = {
      redis_password: 'word',
      redis_url: `redis://:word@127.0.0.1:${redisPort}`,
      database_url: String(database),
    };
    for (const [name, value] of Object.entries(secrets)) await writeFile(join(folder, 'secrets', name), `${value}\n`);
    redis = await startRedis(redisPort);
    url = `http://127.0.0.1:${edgePort}`;
  }, 1_200_000);

  afterAll(async () => {
    for (const child of [caddy, container?.child, redis]) {
      if (!child || child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await postgres?.stop();
    await home?.remove();
    await copy?.remove();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  /** As docker-compose.prod.yml starts it, which proves that the password comes by the standard input. */
  async function startRedis(port: number): Promise<ChildProcess> {
    const { services } = parse(await readFile(join(checkout, 'docker-compose.prod.yml'), 'utf8'), { merge: true });
    const [shell, flag, line] = services.redis.command as [string, string, string];
    const script = line
      .replaceAll('$$', '$')
      .replaceAll('/run/secrets', join(folder, 'secrets'))
      .replace('redis-server -', `redis-server - --port ${port} --dir ${folder}`);
    return spawn(shell, [flag, script], { stdio: 'ignore' });
  }

  async function startContainer(): Promise<number> {
    const began = performance.now();
    const pidFile = join(folder, 'pid');
    await rm(pidFile, { force: true });
    const child = images.start(TAG, 'pandect-test', {
      environment: {
        ALLOWED_HOSTS: '127.0.0.1',
        DATABASE_URL_FILE: '/run/secrets/database_url',
        REDIS_URL_FILE: '/run/secrets/redis_url',
      },
      mounts: {
        [join(folder, 'state')]: HOME,
        [join(folder, 'secrets')]: '/run/secrets',
        [home.home.sockets]: '/sockets',
      },
      pidFile,
    });
    let output = '';
    for (const pipe of [child.stdout, child.stderr])
      pipe?.setEncoding('utf8').on('data', (part: string) => (output += part));
    container = { child, output: () => output, pid: async () => Number(await readFile(pidFile, 'utf8')) };
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`Start container: it ended\n${output}`)));
    await Promise.race([ended, until('the platform', async () => /^Pandect is up/m.test(output) || undefined, 300)]);
    ended.catch(() => {});
    return (performance.now() - began) / 1000;
  }

  /** A command in the container, as `docker exec` gives one: its namespaces, its folder and its user. */
  const within = async () =>
    `nsenter --target ${await container.pid()} --mount --pid --root setpriv --reuid ${USER} --regid ${USER} --clear-groups env PANDECT_HOME=${HOME} node /app/pandect.ts`;

  it('builds, without a Docker engine', { timeout: 1_800_000 }, async () => {
    const seconds = await images.build(TAG, { POSTGRES_APT: 'debian', POSTGRES_MAJOR: '15', REVISION: '1a2b3c4d5e' });
    process.stdout.write(`Image built in ${seconds.toFixed(0)} s\n`);
  });

  it('starts without rights, on a read-only disk, with its secrets from files', { timeout: 400_000 }, async () => {
    process.stdout.write(`Container up in ${(await startContainer()).toFixed(1)} s\n`);
    const status = await readFile(`/proc/${await container.pid()}/status`, 'utf8');
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(new RegExp(`^Uid:\\t${USER}\\t`, 'm'));
    const environment = await readFile(`/proc/${await container.pid()}/environ`, 'utf8');
    expect(environment).not.toMatch(/DATABASE_URL=|REDIS_URL=/);
  });

  it('serves at an edge of its own container, and writes the lines of its processes', async () => {
    // At the path that it has in the container: the links to sockets name it.
    await mkdir(HOME, { recursive: true });
    const mount = 'mount --bind "$0" "$1" && exec caddy run --config "$2" --adapter caddyfile';
    const places = [join(folder, 'state'), HOME, join(checkout, 'Caddyfile')];
    caddy = spawn('unshare', ['--mount', 'sh', '-c', mount, ...places], {
      env: {
        ...process.env,
        PANDECT_RUN: `${HOME}/run`,
        PANDECT_CADDY: `${HOME}/caddy`,
        PANDECT_SITE: url,
        HOME: folder,
      },
      stdio: 'ignore',
    });
    const health = await until('the edge', async () => {
      const response = await fetch(`${url}/api/health`).catch(() => undefined);
      return response?.status === 200 ? await response.json() : undefined;
    });
    expect(health).toMatchObject({ status: 'healthy' });
    expect((await fetch(`${url}/`)).headers.get('content-type')).toContain('text/html');
    await until('a line of a function', async () => /"process":"health"/.test(container.output()) || undefined);
    expect(await pandectWithin('ps', '--check')).toMatchObject({ status: 0, stdout: expect.stringContaining('image') });
  });

  it('deploys what is pushed, and keeps it when the container is replaced', { timeout: 400_000 }, async () => {
    copy = await copyCheckout({ units: ['health', 'maintenance'] });
    await copy.edit('functions/health/routes/get-liveness.ts', "summary: '", "summary: 'Pushed. ");
    await runIn(copy.root, 'git', ['init', '-q']);
    const began = performance.now();
    const pushed = await pandect(
      { root: copy.root, home: home.home.root } as never,
      'push',
      'health',
      '--watch',
      '1',
      '--through',
      await within(),
    );
    expect(pushed.status, pushed.stderr + pushed.stdout).toBe(0);
    process.stdout.write(`Push, deploy and a watch of 1 s took ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    expect((await pandectWithin('releases', 'health')).stdout).toMatch(/push by/);
    const ended = once(container.child, 'exit');
    await endProcess(await container.pid(), [{ signal: 'SIGTERM', seconds: 60 }]);
    await ended;
    process.stdout.write(`Container up again in ${(await startContainer()).toFixed(1)} s\n`);
    expect(container.output()).toMatch(/^Source: pushed .*; pandect push --undo takes it back$/m);
    expect((await pandectWithin('ps')).stdout).toMatch(/^health .*push by/m);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });

  const pandectWithin = async (...args: string[]) => runIn(folder, 'sh', ['-c', `${await within()} ${args.join(' ')}`]);
});

async function runIn(cwd: string, program: string, args: string[]) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      parts[name] += part;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...parts };
}
