import type { Log } from '../kernel/log.ts';
import type { Home } from '../services/home.ts';
import { nodeFor } from '../services/node-binary.ts';
import { userIds } from '../services/user-ids.ts';
import type { Journal } from './home/journal.ts';
import type { PlatformEdge } from './platform-edge.ts';
import type { ProcessGroups } from './process/cgroup.ts';
import type { Turns } from './release/give-way.ts';
import type { Site } from './sites/site.ts';
import { createSiteBuilder } from './sites/site-builder.ts';
import { Sites } from './sites/sites.ts';

interface SitesParts {
  /** The checkout. */
  root: string;
  home: Home;
  journal: Journal;
  edge: Pick<PlatformEdge, 'showSite'>;
  log: Log;
  signal: AbortSignal;
  /** Builds of units and sites. */
  inTurn: Turns;
  /** Whether people are served, whom a build may not slow down. */
  isServing: () => boolean;
  groups: ProcessGroups | undefined;
}

/** All sites, with what their builds are run with. */
export async function createSites(declared: readonly Site[], parts: SitesParts): Promise<Sites> {
  const { root, home, journal, edge, log, signal, inTurn, isServing, groups } = parts;
  return new Sites(declared, {
    ...{ root, journal, log },
    folders: home,
    build: createSiteBuilder({ signal, inTurn, isServing, groups }),
    node: await nodeFor(home),
    async userOf(site) {
      if (!home.user) return undefined;
      const { [site]: id = 0 } = await userIds(home.root, [site]);
      return { uid: id, gid: id, groups: [home.user.gid] };
    },
    onSwitched: edge.showSite,
  });
}
