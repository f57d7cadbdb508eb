import { type Connections, connectPublicly } from './connect-publicly.ts';
import { inPlace } from './in-place.ts';
import type { Lookup } from './lookup-publicly.ts';
import type { Places } from './places.ts';

/**
 * Whether a URL's host is among the allowed ones. An entry `host` allows every port, `host:port` only that one.
 * Loopback has no exemption: an address list that names it says so.
 */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const names = [url.hostname, `${url.hostname}:${port}`];
  return allowedHosts.some((allowed) => names.includes(allowed.trim().toLowerCase()));
}

/** @throws Error when the platform may not call this URL; with the code NOT_ALLOWED when its host is not among the allowed ones */
export function checkOutbound(url: string, allowedHosts: readonly string[]): void {
  if (!URL.canParse(url)) throw new Error(`Call "${url}": not a URL`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw new Error(`Call "${url}": not HTTP`);
  if (!isAllowedHost(parsed, allowedHosts)) {
    const message = `Call host "${parsed.host}": not in OUTBOUND_WHITELIST (${allowedHosts.join(', ') || 'empty'})`;
    throw Object.assign(new Error(message), { code: 'NOT_ALLOWED' });
  }
}

export interface OutboundOptions {
  /** Of the allowed hosts, those whose names may lead to internal addresses. */
  internalHosts?: readonly string[] | undefined;
  resolve?: Lookup;
  connections?: Connections;
  /** Of the whole process; a request takes one until its answer has been read. */
  places?: Places | undefined;
}

/**
 * A `fetch` that calls only the allowed hosts, at addresses of the Internet. A redirect is handed back as the response it
 * is, or is an error where `init` asks for that, so that a server cannot send the platform, or its key, elsewhere. Rejects with
 * OutboundFull when no place became free.
 */
export function createOutboundFetch(
  allowedHosts: readonly string[],
  { internalHosts = [], resolve, connections, places }: OutboundOptions = {},
): typeof fetch {
  let dispatcher: ReturnType<typeof connectPublicly> | undefined;
  return async (input, init) => {
    checkOutbound(input instanceof Request ? input.url : String(input), allowedHosts);
    // Not before the first call: loading `fetch` takes a part of a function's start.
    dispatcher ??= connectPublicly(internalHosts, resolve, connections);
    const redirect = init?.redirect === 'error' ? 'error' : 'manual';
    if (!places) return fetch(input, { ...init, redirect, dispatcher } as RequestInit);
    const place = await places.take(init?.signal);
    try {
      return await fetch(input, { ...init, redirect, dispatcher: inPlace(dispatcher, place) } as RequestInit);
    } catch (error) {
      place.release();
      throw error;
    }
  };
}
