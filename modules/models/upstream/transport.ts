import { readFileSync } from 'node:fs';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isAllowedHost } from '../../../platform/capabilities/outbound/index.ts';
import {
  type Lookup,
  lookupPublicly,
  type SocketLookup,
} from '../../../platform/capabilities/outbound/lookup-publicly.ts';
import { createPlaces, type Places } from '../../../platform/capabilities/outbound/places.ts';
import type { Provider, UpstreamRequest, UpstreamResponse } from '../providers/adapter.ts';
import { decodeBody } from './decode-body.ts';
import { TransportFailure, toTransportFailure } from './transport-failure.ts';

const IDLE_CONNECTION_MS = 60_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_KEPT_CONNECTIONS = 50;
const MAX_CONNECTIONS = 100;
const WAIT_MS = 5_000;
/** A connection that the server had closed says so at once; later it is the request that failed, and may have been worked on. */
const STALE_MS = 1_000;

export interface TransportOptions {
  /** Hosts that may be called, see OUTBOUND_WHITELIST. */
  allowedHosts: readonly string[];
  /** Of those, the names that may lead to internal addresses. */
  internalHosts?: readonly string[];
  resolve?: Lookup;
  /** Of requests that are in progress; default: 100 for this transport. */
  places?: Places;
  /** Idle connections to one provider that stay open for the next request; default: 50. */
  keptConnections?: number;
}

/** Calls servers of providers over connections that are kept, one pool for each provider. */
export interface Transport {
  /**
   * Resolves with the head of the answer. Aborting `signal`, or destroying the body, closes the connection at once. A redirect
   * is an answer like any other.
   * @throws TransportFailure; OutboundFull when no place became free in time, and nothing was sent
   */
  send(provider: Provider, request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamResponse>;
  /** Closes all connections. */
  close(): void;
}

export function createTransport(options: TransportOptions): Transport {
  const lookup = lookupPublicly(options.internalHosts ?? [], options.resolve);
  const agents = new Map<string, http.Agent>();
  const { keptConnections = MAX_KEPT_CONNECTIONS } = options;
  const places = options.places ?? createPlaces({ most: MAX_CONNECTIONS, kept: keptConnections, waitMs: WAIT_MS });
  return {
    async send(provider, request, signal) {
      const url = checkUrl(request.url, options.allowedHosts);
      const pool = `${url.protocol} ${provider.name} ${provider.caPath ?? ''}`;
      let agent = agents.get(pool);
      if (!agent) {
        agent = createAgent(url.protocol, provider.caPath, lookup, keptConnections);
        agents.set(pool, agent);
      }
      const place = await places.take(signal).catch((error: unknown) => {
        throw signal.aborted ? new TransportFailure('cancelled', 'cancelled') : error;
      });
      try {
        const { connectMs } = provider.timeouts;
        let response = await open(url, agent, request, connectMs, signal);
        // The server closed the connection while the request was on its way: it has seen nothing of it.
        if (response === 'stale') response = await open(url, agent, request, connectMs, signal);
        if (response === 'stale') throw new TransportFailure('unreachable', 'ECONNRESET');
        response.once('close', place.release);
        return { status: response.statusCode ?? 0, headers: response.headers, body: decodeBody(response) };
      } catch (error) {
        place.release();
        throw error;
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function checkUrl(text: string, allowedHosts: readonly string[]): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TransportFailure('unreachable', 'invalid_url');
  }
  if (!isAllowedHost(url, allowedHosts)) throw new TransportFailure('unreachable', 'not_in_OUTBOUND_WHITELIST');
  return url;
}

function createAgent(protocol: string, caPath: string | undefined, lookup: SocketLookup, kept: number) {
  const options = {
    keepAlive: true,
    maxFreeSockets: kept,
    scheduling: 'lifo' as const,
    timeout: IDLE_CONNECTION_MS,
    lookup,
  };
  if (protocol === 'http:') return new http.Agent(options);
  return new https.Agent({ ...options, ...(caPath !== undefined && { ca: readAuthorities(caPath) }) });
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TransportFailure('unreachable', 'ca_unreadable', { cause: error });
  }
}

/** The head of the answer, or `stale` when a kept connection turned out to be closed. */
function open(
  url: URL,
  agent: http.Agent,
  { method, headers, body }: UpstreamRequest,
  connectMs: number,
  signal: AbortSignal,
): Promise<IncomingMessage | 'stale'> {
  if (signal.aborted) return Promise.reject(new TransportFailure('cancelled', 'cancelled'));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | 'stale'>();
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method,
    agent,
    headers: {
      'accept-encoding': 'identity',
      ...headers,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  const cancel = () => request.destroy(new TransportFailure('cancelled', 'cancelled'));
  signal.addEventListener('abort', cancel, { once: true });
  request.once('close', () => signal.removeEventListener('abort', cancel));
  request.once('response', resolve);
  const sentAt = performance.now();
  request.on('error', (error: NodeJS.ErrnoException) => {
    const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    const isStale = request.reusedSocket && isReset && performance.now() - sentAt < STALE_MS;
    if (isStale) resolve('stale');
    else reject(toTransportFailure(error));
  });
  limitConnecting(request, connectMs);
  // No closure refers to the body: it is free as soon as it was sent.
  request.end(body);
  return promise;
}

/** Ends a request whose new connection, with TLS, is not there in time. */
function limitConnecting(request: ClientRequest, connectMs: number): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new TransportFailure('unreachable', 'connect_timeout')), connectMs);
    const stop = () => clearTimeout(timer);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', stop);
    request.once('close', stop);
  });
}
