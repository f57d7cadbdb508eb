import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { inNetworks } from '../../kernel/client-address.ts';

/**
 * Networks that no host on the Internet has: this machine, private and link-local ones, carrier NAT, reserved, multicast.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
const isInternal = inNetworks([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...[
    '::/96',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '64:ff9b:1::/48',
    'fc00::/7',
    'fe80::/9',
    'ff00::/8',
  ],
]);

/** The part of `dns.lookup` that connections use. */
export type Lookup = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What `fetch` takes as `dispatcher`; it has no public type. */
type Dispatcher = object;
type DispatcherClass = new (options: {
  connect: {
    lookup(host: string, options: LookupOptions, done: (...result: unknown[]) => void): void;
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
 * Opens connections of `fetch`, and refuses those to a host whose name leads to an internal address: the one who answers
 * for an allowed name could otherwise have the platform call services of its own network. The address is looked at when it is
 * connected to, so that a name cannot change in between. Hosts that are given as an address, and `localhost`, are meant.
 * @param internalHosts names that may lead to internal addresses
 * @param connections limits of its own; default: those of Node
 */
export function connectPublicly(
  internalHosts: readonly string[],
  resolve: Lookup = lookup,
  connections?: Connections,
): Dispatcher {
  const mayBeInternal = new Set(['localhost', ...internalHosts.map((host) => host.toLowerCase())]);
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
      lookup(host, options, done) {
        resolve(host, { ...options, all: true }, (error, addresses) => {
          if (error) return done(error);
          const internal = addresses.find(({ address }) => isInternal(address));
          if (internal && !mayBeInternal.has(host.toLowerCase())) {
            const message = `Call host "${host}": ${internal.address} is internal; see OUTBOUND_INTERNAL_HOSTS`;
            // Clients that keep no messages, which may repeat what a server said, keep codes.
            return done(Object.assign(new Error(message), { code: 'INTERNAL_ADDRESS' }));
          }
          if (options.all) return done(null, addresses);
          return done(null, addresses[0]?.address, addresses[0]?.family);
        });
      },
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
