import { join } from 'node:path';
import { assertCaddyCanListen, type Edge, makeEdgeFolder, startCaddy, writeRoutes } from '../edge/caddy.ts';
import { writeDocsPage } from '../edge/docs-page.ts';
import type { Mount } from '../edge/routes.ts';
import { createVersion } from '../edge/version.ts';
import type { Log } from '../kernel/log.ts';
import { findBinaries } from '../services/binaries.ts';
import type { Home } from '../services/home.ts';
import { serverUser } from '../services/process-user.ts';
import { giveTo } from '../services/service-user.ts';
import { createApiDescription } from './api-description.ts';
import type { Site } from './sites/site.ts';
import { canaryPaths } from './traffic/canary-links.ts';
import { slotPath } from './traffic/socket-path.ts';
import { isReachable } from './unit.ts';
import type { ManagedUnit } from './units/managed-unit.ts';
import type { WatchedService } from './upkeep.ts';

export interface PlatformEdgeOptions {
  /** The checkout. */
  root: string;
  home: Home;
  settings: {
    PANDECT_PORT: number;
    PANDECT_DOMAIN: string | undefined;
    /** External: an operator's own Caddy serves what is written for it. */
    PANDECT_EDGE: 'embedded' | 'external';
    TRUSTED_PROXIES: string[];
    PROJECT_NAME: string;
    API_V1_STR: string;
  };
  /** There is at most one. */
  sites: readonly Site[];
  log: Log;
}

/** The edge as the platform keeps it: its routes, the API description that it serves, and Caddy itself. */
export interface PlatformEdge {
  /** Whom it runs as. */
  readonly user: { uid: number; gid: number } | undefined;
  /** @throws when Caddy could not listen where it should */
  assertCanListen(): Promise<void>;
  /** Writes routes and API description for what the units serve now. */
  publish(units: readonly ManagedUnit[]): Promise<void>;
  /** Tells clients which release of the site is served. */
  showSite(release: string | undefined): Promise<void>;
  /** Writes what it shows of itself, and starts Caddy where it is embedded. */
  start(progress: (line: string) => void): Promise<WatchedService | undefined>;
}

export function createPlatformEdge(options: PlatformEdgeOptions): PlatformEdge {
  const { root, home, settings, log } = options;
  const sites = options.sites.map(({ name, manifest: { entries } }) => ({ name, entries }));
  const isEmbedded = settings.PANDECT_EDGE === 'embedded';
  const about = { title: settings.PROJECT_NAME, gatewayPath: settings.API_V1_STR };
  const version = createVersion(home.run);
  const describeApi = createApiDescription(join(home.run, 'public'), about, log);
  const caddy = {
    config: join(root, 'Caddyfile'),
    run: home.run,
    storage: home.caddy,
    log: join(home.logs, 'caddy.log'),
    site: settings.PANDECT_DOMAIN ?? `:${settings.PANDECT_PORT}`,
    port: settings.PANDECT_PORT,
    user: serverUser(home, 'edge'),
  };
  let edge: Edge | undefined;
  return {
    // One that is not ours enters as the group of the home does.
    user: isEmbedded ? caddy.user : home.user,
    async assertCanListen() {
      if (isEmbedded) await assertCaddyCanListen(caddy);
    },
    async publish(units) {
      const digest = await describeApi(units);
      if (digest !== undefined) await version.write({ api: digest });
      const mounts = mountsOf(units, home.run, settings.API_V1_STR);
      if (await writeRoutes(home.run, { mounts, sites }, settings.TRUSTED_PROXIES)) await edge?.reload();
    },
    showSite: (release) => version.write({ site: release ?? '' }),
    async start(progress) {
      await writeDocsPage(join(home.run, 'public', 'docs'));
      if (!isEmbedded) {
        await giveTo(home.user, await makeEdgeFolder(home.run));
        return undefined;
      }
      progress('Starting Caddy');
      const program = (await findBinaries(['caddy'])).caddy;
      const start = async () => {
        edge = await startCaddy({ program, ...caddy });
        return edge;
      };
      return { service: await start(), restarts: 0, start };
    },
  };
}

const GATEWAY_MOUNT = '/v1';

const mountsOf = (units: readonly ManagedUnit[], run: string, gatewayPath: string): Mount[] =>
  units.flatMap(({ unit }) => {
    const { name } = unit;
    return unit.kind === 'function' && isReachable(unit)
      ? [
          {
            name,
            paths: unit.manifest.mount,
            ...(unit.manifest.mount.includes(GATEWAY_MOUNT) && { edgePaths: { [GATEWAY_MOUNT]: gatewayPath } }),
            timeout: unit.manifest.timeout,
            sockets: Array.from({ length: unit.manifest.instances.max }, (_, slot) => slotPath(run, name, slot)),
            canary: canaryPaths(run, name),
          },
        ]
      : [];
  });
