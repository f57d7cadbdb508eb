import type { Changes } from '../../../platform/capabilities/feed/index.ts';
import type { Image } from '../image.ts';

/** The generations that one socket follows. */
export interface Follows {
  readonly size: number;
  has(id: string): boolean;
  /** Tells of each change from now on, and once now. */
  add(id: string): void;
  remove(id: string): void;
  /** Whether this state is new to the client, which from now on has it. Older ones never are. */
  isNew(image: Image): boolean;
  end(): void;
}

interface Followed {
  left: AbortController;
  version: number;
  text: string;
}

export function createFollows({
  subscribe,
  heartbeatMs,
  onChange,
  onFailure,
}: {
  subscribe: (id: string) => Promise<Changes>;
  heartbeatMs: number;
  onChange: (id: string) => void;
  onFailure: (id: string, error: unknown) => void;
}): Follows {
  const followed = new Map<string, Followed>();

  const watch = async (id: string, signal: AbortSignal) => {
    try {
      using changes = await subscribe(id);
      while (!signal.aborted) {
        onChange(id);
        await changes.next(heartbeatMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) onFailure(id, error);
    }
  };

  return {
    get size() {
      return followed.size;
    },
    has: (id) => followed.has(id),
    add(id) {
      followed.get(id)?.left.abort();
      const left = new AbortController();
      followed.set(id, { left, version: -1, text: '' });
      void watch(id, left.signal);
    },
    remove(id) {
      followed.get(id)?.left.abort();
      followed.delete(id);
    },
    isNew(image) {
      const one = followed.get(image.id);
      const text = JSON.stringify(image);
      if (!one || image.version < one.version || text === one.text) return false;
      Object.assign(one, { version: image.version, text });
      return true;
    },
    end() {
      for (const { left } of followed.values()) left.abort();
      followed.clear();
    },
  };
}
