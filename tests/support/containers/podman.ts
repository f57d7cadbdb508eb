import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../platform.ts';

/*
 * Images and containers without a Docker engine: built in a chroot, and run below `unshare` without limits, which works where control
 * groups are of both versions, as in other containers.
 */

const run = promisify(execFile);
const BASE = `docker.io/library/node`;

/** What keeps images from being built here; undefined when nothing does. */
export async function missingForImages(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'not root';
  for (const program of ['podman', 'crun', 'mmdebstrap', 'unshare', 'nsenter', 'setpriv']) {
    const found = await run('sh', ['-c', `command -v ${program}`]).catch(() => undefined);
    if (!found) return `${program} is not installed`;
  }
  return undefined;
}

export interface Images {
  /** Builds the Dockerfile of the checkout as it is. @returns seconds */
  build(tag: string, args: Record<string, string>): Promise<number>;
  /** Starts a container in the foreground with this network. */
  start(tag: string, name: string, options: ContainerOptions): ChildProcess;
}

interface ContainerOptions {
  environment: Record<string, string>;
  /** Paths in the container by those of the host. */
  mounts: Record<string, string>;
  pidFile: string;
}

/** @param folder where images are kept; a second use of it builds what changed */
export async function openImages(folder: string): Promise<Images> {
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
  await makeBase(folder, storage);
  const building = ['build', '--isolation=chroot', '--network=host', '--pull=never', '--format=docker'];
  return {
    async build(tag, args) {
      const began = performance.now();
      const flags = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
      await run('podman', [...storage, ...building, ...flags, '-t', tag, checkout], { maxBuffer: 2 ** 26 });
      return (performance.now() - began) / 1000;
    },
    start(tag, name, { environment, mounts, pidFile }) {
      const confinement = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--tmpfs=/tmp', '--rm'];
      // Without CAP_SYS_RESOURCE limits cannot be raised above those of this process.
      const here = [
        '--cgroups=disabled',
        '--network=host',
        ...['nofile', 'nproc'].map((limit) => `--ulimit=${limit}=20000:20000`),
        '--no-healthcheck',
        `--pidfile=${pidFile}`,
      ];
      const podman = [
        ...[...storage, '--runtime=crun', 'run', ...here, ...confinement, `--name=${name}`],
        ...Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`),
        ...Object.entries(mounts).map(([from, to]) => `--volume=${from}:${to}`),
        tag,
      ];
      const mount = 'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec podman "$@"';
      return spawn('unshare', ['--mount', 'sh', '-c', mount, 'podman', ...podman], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    },
  };
}

/** The image that the Dockerfile begins with: Debian's own packages, and the Node of this checkout. */
async function makeBase(folder: string, storage: readonly string[]): Promise<void> {
  const version = (await readFile(join(checkout, '.node-version'), 'utf8')).trim();
  const tag = `${BASE}:${version}-bookworm-slim`;
  const known = await run('podman', [...storage, 'image', 'exists', tag]).catch(() => undefined);
  if (known) return;
  const context = join(folder, 'base');
  await mkdir(context, { recursive: true });
  await run('mmdebstrap', [
    '--variant=minbase',
    '--include=ca-certificates,libstdc++6',
    'bookworm',
    join(context, 'base.tar'),
  ]);
  await cp(process.execPath, join(context, 'node'));
  const npm = await realpath((await run('sh', ['-c', 'command -v npm'])).stdout.trim());
  await cp(dirname(dirname(npm)), join(context, 'npm'), { recursive: true, dereference: true });
  // Certificates that this machine trusts beyond Debian's, as of a mirror of packages.
  await cp('/etc/ssl/certs/ca-certificates.crt', join(context, 'host.crt'));
  await writeFile(join(context, 'Containerfile'), baseFile);
  await run('podman', [...storage, 'build', '--isolation=chroot', '--network=host', '-t', tag, context], {
    maxBuffer: 2 ** 26,
  });
}

const baseFile = `FROM scratch
ADD base.tar /
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY host.crt /etc/ssl/host.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_EXTRA_CA_CERTS=/etc/ssl/host.crt
`;
