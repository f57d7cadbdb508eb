import { liveHosts, withHosts } from '../../supervisor/hosts/host-rows.ts';
import type { Facts } from './facts.ts';
import { ok, type Verdict, warn } from './finding.ts';

/** Whether as many hosts serve as the settings name, all with one version. */
export async function checkHosts({ settings }: Facts): Promise<Verdict | undefined> {
  const { PANDECT_HOSTS: wanted, DATABASE_URL } = settings;
  if (!DATABASE_URL) return undefined;
  const live = await withHosts(DATABASE_URL, liveHosts);
  return judgeHosts(wanted, live);
}

export function judgeHosts(wanted: number, live: readonly { name: string; version: string }[]): Verdict | undefined {
  if (wanted === 1 && live.length < 2) return undefined;
  const said = `${live.length} of ${wanted} serve: ${live.map(({ name, version }) => `${name} (${version})`).join(', ')}`;
  if (live.length < wanted) return warn(said, 'start the others, or set PANDECT_HOSTS to how many there are');
  if (live.length > wanted) return warn(said, 'set PANDECT_HOSTS on all of them to how many there are');
  if (new Set(live.map(({ version }) => version)).size > 1) return warn(said, 'upgrade those with the older version');
  return ok(said);
}
