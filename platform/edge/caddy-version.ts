import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Since 2.8 Caddy is built with a Go that bounds HTTP/2 streams that are reset at once (CVE-2023-44487). Older ones also answer
 * `200` without a body to clients that close their side early, whatever the function says.
 */
const LEAST_FOR_HTTPS = [2, 8] as const;

/** Whether a version, as `caddy version` prints it, may serve HTTPS; undefined for one that cannot be read. */
export function isCurrent(output: string): boolean | undefined {
  const [, major, minor] = /v?(\d+)\.(\d+)/.exec(output) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [leastMajor, leastMinor] = LEAST_FOR_HTTPS;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

export const upgradeCaddy =
  'install Caddy 2.8 or newer (https://caddyserver.com/docs/install), or let another server terminate TLS with PANDECT_EDGE=external';

/** @throws for a domain on a Caddy that is too old to face the internet over HTTP/2 */
export async function assertMayServe(program: string, site: string): Promise<void> {
  if (site.startsWith(':')) return;
  const { stdout } = await promisify(execFile)(program, ['version'], { timeout: 5_000 });
  if (isCurrent(stdout) === true) return;
  throw new Error(`Serve "${site}" over HTTPS: Caddy is ${stdout.trim().split(' ')[0]}; ${upgradeCaddy}`);
}
