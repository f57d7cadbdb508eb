import { endCanary, setCanary } from './canary-links.ts';
import { linkPreview, unlinkPreview } from './preview-links.ts';
import { switchSlots, wakePath } from './socket-path.ts';

/** Where the requests of one function shall go; all are paths of sockets. */
export interface Destinations {
  /** How many paths the edge dials. */
  slots: number;
  /** Empty while no process is alive: the activator takes the requests then. */
  stable: readonly string[];
  canary?: { sockets: readonly string[]; percent: number };
  /** By release. */
  previews: ReadonlyMap<string, readonly string[]>;
}

/** Points the links that the edge dials; one switch at a time. */
export interface Traffic {
  point(destinations: Destinations): Promise<void>;
}

export function createTraffic(run: string, unit: string): Traffic {
  let pointing: Promise<void> = Promise.resolve();
  let previewed: readonly string[] = [];
  let hasCanary = true; // an earlier supervisor may have left one

  const apply = async ({ slots, stable, canary, previews }: Destinations) => {
    const serving = stable.length > 0 ? stable : [wakePath(run, unit)];
    await switchSlots(run, unit, serving, slots);
    if (canary) await setCanary(run, unit, { stable: serving, canary: canary.sockets, percent: canary.percent });
    else if (hasCanary) await endCanary(run, unit, serving);
    hasCanary = canary !== undefined;
    for (const release of previewed) if (!previews.has(release)) await unlinkPreview(run, unit, release);
    for (const [release, [socket]] of previews) if (socket) await linkPreview(run, unit, release, socket);
    previewed = [...previews.keys()];
  };
  return {
    point(destinations) {
      pointing = pointing.catch(() => {}).then(() => apply(destinations));
      return pointing;
    },
  };
}
