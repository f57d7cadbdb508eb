import { type Lookup, lookupPublicly, type SocketLookup } from './lookup-publicly.ts';

/** What `fetch` takes as `dispatcher`; it has no public type. */
export interface Dispatcher {
  dispatch(request: object, handler: object): boolean;
}
type DispatcherClass = new (options: {
  connect: {
    lookup: SocketLookup;
    timeout?: number;
    ca?: string;
  };
  connections?: number;
  pipelining?: number;
  headersTimeout?: number;
  bodyTimeout?: number;
}) => Dispatcher;

export interface Connections {
  /** Longest wait for a connection to be there. */
  connectMs: number;
  /** PEM of the authorities that may sign the host's certificate, in place of the usual ones. */
  ca?: string | undefined;
  /** Connections to one host at the same time. */
  most: number;
  /** Whether they stay open for the next call. */
  isKept: boolean;
}

/**
 * Opens connections of `fetch`, and refuses those to a host whose name leads to an internal address, see `lookupPublicly`: the one
 * who answers for an allowed name could otherwise have the platform call services of its own network.
 * @param internalHosts names that may lead to internal addresses
 * @param connections limits of its own; default: those of Node
 */
export function connectPublicly(
  internalHosts: readonly string[],
  resolve?: Lookup,
  connections?: Connections,
): Dispatcher {
  return new (builtInDispatcher())({
    ...(connections && {
      connections: connections.most,
      pipelining: connections.isKept ? 1 : 0,
      // Who sets these limits watches over the answers as well, for longer than the five minutes of the defaults.
      headersTimeout: 0,
      bodyTimeout: 0,
    }),
    connect: {
      ...(connections && { timeout: connections.connectMs }),
      ...(connections?.ca !== undefined && { ca: connections.ca }),
      lookup: lookupPublicly(internalHosts, resolve),
    },
  });
}

/** Node does not export what its `fetch` opens connections with, and a second copy of it would take its time to load. */
function builtInDispatcher(): DispatcherClass {
  new Headers(); // loads it
  const current = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  if (!current) throw new Error('Check addresses of outbound calls: this Node has another fetch');
  return current.constructor as DispatcherClass;
}
