import { readIfExists } from '../../services/processes.ts';
import {
  type BoundSettings,
  isBounded,
  loadedConnectionBound,
  renderConnectionBound,
} from '../install/connection-bound.ts';
import { places } from '../install/systemd-unit.ts';
import { ok, type Verdict, warn } from './finding.ts';

/** Whether one client can take all connections of the edge. */
export async function checkConnections({ settings }: { settings: BoundSettings }): Promise<Verdict> {
  if (settings.PANDECT_EDGE === 'external') return ok('not ours: PANDECT_EDGE is external');
  if (!isBounded(settings)) return ok('not bounded: MAX_CONNECTIONS_PER_CLIENT is 0');
  const loaded = await loadedConnectionBound().catch((error: Error) => error);
  return judgeConnections(settings, loaded, await readIfExists(places().connections));
}

/**
 * @param loaded the rules as the kernel has them, empty for none, or why they cannot be seen
 * @param written the file that the service loads at each start
 */
export function judgeConnections(
  settings: BoundSettings,
  loaded: string | Error,
  written: string | undefined,
): Verdict {
  const most = settings.MAX_CONNECTIONS_PER_CLIENT;
  const hint =
    'sudo pandect install writes and loads the bound; without systemd load what install --print shows with nft -f';
  if (loaded instanceof Error) {
    if (loaded.message === 'nft is not installed') {
      return warn('not bounded: nft is missing', `install nftables, then ${hint}`);
    }
    return process.getuid?.() === 0
      ? warn(`not known: ${loaded.message}`, hint)
      : ok(`not known: only root may see whether a client may have ${most} at most`);
  }
  if (!loaded.includes(`ct count over ${most} `)) return warn('a client may open any number', hint);
  if (written !== undefined && written !== renderConnectionBound(settings)) {
    return warn('bounded, but not by the present settings', hint);
  }
  return ok(`a client may have ${most} at most`);
}
