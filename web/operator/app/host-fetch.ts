/** A request of the console carries the id of the host that it is for. */
const HOST = 'pandect-host';
const WRONG_HOST = 421;
const MOST_ATTEMPTS = 16;
const PAUSE_MS = 20;

/** Any host may list all of them: the page asks before it has chosen one, and when the chosen one is gone. */
const ofOneHost = /^\/api\/operator\/(?!hosts$)/;

type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends requests of the console to one host through a balancer that may lead to any: another host refuses them before it does anything, and then they
 * are sent again. Pauses differ, so that other requests that alternate with these do not lead to the wrong host each time.
 * @param host the one that is shown; undefined for any
 */
export function createHostFetch(fetch: Fetch, host: () => string | undefined, pauseMs = PAUSE_MS): Fetch {
  return async (request) => {
    const wanted = ofOneHost.test(new URL(request.url).pathname) ? host() : undefined;
    if (wanted === undefined) return fetch(request);
    for (let attempt = 1; ; attempt++) {
      const copy = request.clone();
      copy.headers.set(HOST, wanted);
      const response = await fetch(copy);
      if (response.status !== WRONG_HOST || attempt === MOST_ATTEMPTS) return response;
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs * attempt));
      request.signal.throwIfAborted();
    }
  };
}
