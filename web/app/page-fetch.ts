/** Digest of the API's description, on every answer of the API. */
const VERSION_HEADER = 'Pandect-Api';

export interface PageFetch {
  /** Asks in the language of the page, so that the server's own words are in it. */
  fetch: typeof fetch;
  subscribe(change: () => void): () => void;
  /** Whether the API is another one than when the page was loaded. */
  hasNewVersion(): boolean;
}

export function createPageFetch(): PageFetch {
  let first: string | null = null;
  let isNew = false;
  const followers = new Set<() => void>();
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      request.headers.set('Accept-Language', document.documentElement.lang || 'en');
      const response = await fetch(request);
      const version = response.headers.get(VERSION_HEADER);
      first ??= version;
      if (version !== null && version !== first && !isNew) {
        isNew = true;
        for (const follower of followers) follower();
      }
      return response;
    },
    subscribe(change) {
      followers.add(change);
      return () => followers.delete(change);
    },
    hasNewVersion: () => isNew,
  };
}
