import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { inNetworks } from '../../kernel/client-address.ts';

/**
 * Networks that no host on the Internet has: this machine, private and link-local ones, carrier NAT, reserved, multicast.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
export const isInternalAddress = inNetworks([
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

/** What a socket takes as `lookup`: answers with a list or with one address, as it is asked. */
export type SocketLookup = (
  host: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/**
 * A lookup of addresses that fails with the code INTERNAL_ADDRESS for a host whose name leads to an internal one. The address is looked
 * at when it is connected to, so that a name cannot change in between. `localhost` is meant as it stands, and so are hosts
 * that are given as an address, which are not looked up.
 * @param internalHosts names that may lead to internal addresses
 */
export function lookupPublicly(internalHosts: readonly string[], resolve: Lookup = lookup): SocketLookup {
  const mayBeInternal = new Set(['localhost', ...internalHosts.map((host) => host.toLowerCase())]);
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '');
      const internal = addresses.find(({ address }) => isInternalAddress(address));
      if (internal && !mayBeInternal.has(host.toLowerCase())) {
        const message = `Call host "${host}": ${internal.address} is internal; see OUTBOUND_INTERNAL_HOSTS`;
        // Clients that keep no messages, which may repeat what a server said, keep codes.
        return done(Object.assign(new Error(message), { code: 'INTERNAL_ADDRESS' }), '');
      }
      if (options.all) return done(null, addresses);
      return done(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}
