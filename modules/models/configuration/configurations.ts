import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import type { Configurations, GatewayConfiguration } from './contract.ts';
import { type LoadDeps, type Loaded, load, loadFor } from './load.ts';
import { RECORD, TOPIC } from './topic.ts';

export interface ConfigurationsDeps extends LoadDeps {
  feed: Feed;
}

export interface FollowedConfigurations extends Configurations {
  /** What binds all organizations alike, at this moment; the defaults until the first reading. */
  inEffect(): Pick<GatewayConfiguration, 'limits' | 'breaker'>;
  close(): Promise<void>;
}

/** One reading, with what was made of it for organizations. */
interface InEffect {
  loaded: Loaded;
  kept: Map<string, Promise<GatewayConfiguration>>;
}

/** In case a change was not announced: a row that was changed by hand, a connection that died in silence. */
const LOOK_AGAIN_MS = 60_000;
const RETRY_MS = 1000;
/** Organizations whose configuration is kept. */
const MOST_KEPT = 10_000;

/** Follows the configuration in the database until it is closed; a failed reading leaves what was in effect. */
export function createConfigurations(deps: ConfigurationsDeps): FollowedConfigurations {
  const ended = new AbortController();
  let first: Promise<InEffect> | undefined;
  let current: InEffect | undefined;

  const read = async (): Promise<InEffect> => {
    current = { loaded: await load(deps, current?.loaded), kept: new Map() };
    return current;
  };
  const inEffect = async (): Promise<InEffect> => {
    if (current) return current;
    first ??= read().finally(() => {
      first = undefined;
    });
    return first;
  };
  const following = follow();

  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        // Listening comes before reading, so that no change falls between them.
        using changes = await deps.feed.subscribe(TOPIC, RECORD);
        while (!ended.signal.aborted) {
          // One that began earlier must not put what it found over what is found now.
          await first?.catch(() => {});
          await read();
          await changes.next(LOOK_AGAIN_MS, ended.signal);
        }
      } catch (error) {
        if (ended.signal.aborted) return;
        deps.log.warn({ error }, 'Gateway configuration: not read, what was in effect stays');
        await sleep(RETRY_MS, undefined, { signal: ended.signal }).catch(() => {});
      }
    }
  }

  return {
    async of(organizationId) {
      const { loaded, kept } = await inEffect();
      const known = kept.get(organizationId);
      if (known) return known;
      const made = loadFor(organizationId, deps, loaded);
      const [oldest] = kept.size >= MOST_KEPT ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(organizationId, made);
      made.catch(() => kept.delete(organizationId));
      return made;
    },
    inEffect: () => current?.loaded.configuration ?? deps.defaults,
    platform: async () => (await inEffect()).loaded.configuration,
    async close() {
      ended.abort();
      await following;
    },
  };
}
