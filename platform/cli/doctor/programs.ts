import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isCurrent, upgradeCaddy } from '../../edge/caddy-version.ts';
import { findBinaries } from '../../services/binaries.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

const tools = {
  postgres: {
    setting: 'DATABASE_URL',
    file: (folder: string) => join(folder, 'postgres'),
    flag: '--version',
    least: 15,
  },
  redis: { setting: 'REDIS_URL', file: (path: string) => path, flag: '--version', least: 7 },
  caddy: { setting: 'PANDECT_EDGE', file: (path: string) => path, flag: 'version', least: 2.6 },
} as const;

/** A program that the platform starts itself, unless the settings name a server that runs elsewhere. */
export const checkProgram =
  (program: keyof typeof tools) =>
  async ({ settings }: Pick<Facts, 'settings'>): Promise<Verdict> => {
    const { setting, file, flag, least } = tools[program];
    const given = settings[setting];
    if (given !== undefined && given !== 'embedded') return ok(`not started here: ${setting} is set`);
    const path = file((await findBinaries([program]))[program]);
    const { stdout } = await promisify(execFile)(path, [flag], { timeout: 5_000 });
    const verdict = judgeVersion(stdout, least, path);
    return program === 'caddy' && verdict.state === 'ok' ? judgeCaddy(stdout, path, settings.PANDECT_DOMAIN) : verdict;
  };

/** An older Caddy serves plain HTTP on a host of one's own well enough, and no domain. */
export function judgeCaddy(output: string, path: string, domain: string | undefined): Verdict {
  const told = `${output.trim().split(' ')[0]} (${path})`;
  if (isCurrent(output) === true) return ok(told);
  return domain === undefined
    ? warn(`${told} answers 200 to clients that close their side early`, upgradeCaddy)
    : fail(`${told} is too old to serve ${domain} over HTTPS`, upgradeCaddy);
}

/** @param output what the program says of itself; the first number with a point, or after `v`, is its version */
export function judgeVersion(output: string, least: number, path: string): Verdict {
  const [version, major, minor] = /(\d+)\.(\d+)[.\d]*/.exec(output) ?? [];
  if (version === undefined) return fail(`${path} tells no version`, 'reinstall it');
  const [leastMajor = 0, leastMinor = 0] = String(least).split('.').map(Number);
  const isEnough = Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
  return isEnough ? ok(`${version} (${path})`) : fail(`${version} (${path})`, `${least} or newer is needed`);
}
