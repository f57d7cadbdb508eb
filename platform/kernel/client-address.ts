import { BlockList, isIP, isIPv4 } from 'node:net';

/** A network such as `10.0.0.0/8` or `2001:db8::/32`, or a single address. */
export const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

/** Whether an address lies in one of the networks. An IPv4 address written as IPv6 counts as IPv4. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  };
}

/**
 * The address of the client by `X-Forwarded-For`, to which each proxy appends the address it saw. It is read from its
 * end, where our own edge wrote: the last address that is not a trusted proxy. What stands before it was sent by the
 * client and proves nothing.
 * @returns an IPv4 or IPv6 address in its plain form, or `local` for a request that no proxy passed on
 */
export function clientAddress(forwardedFor: string | undefined, isTrusted: (address: string) => boolean): string {
  let nearest: string | undefined;
  for (const hop of (forwardedFor ?? '').split(',').toReversed()) {
    const address = plainAddress(hop);
    // A trusted proxy that names no address leaves itself as the nearest one that is known.
    if (address === undefined) break;
    nearest = address;
    if (!isTrusted(address)) break;
  }
  return nearest ?? 'local';
}

/**
 * What requests of one client are counted under: its IPv4 address, or the /64 network of an IPv6 address, since one
 * client has all addresses of such a network.
 */
export function clientKey(address: string): string {
  const plain = plainAddress(address);
  if (plain === undefined || isIPv4(plain)) return plain ?? address;
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/**
 * What logs say of a client: the /24 network of an IPv4 address, the /48 of an IPv6 address. It tells which network troubles the
 * platform, and no person.
 */
export function clientNetwork(address: string): string {
  const plain = plainAddress(address);
  if (plain === undefined) return address;
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  return `${groupsOf(plain).slice(0, 3).join(':')}::/48`;
}

/**
 * An address without brackets, port and zone, as the others of its kind are written; undefined for what is none. IPv4
 * addresses that are mapped into IPv6, or came through the translation of RFC 6052, are IPv4.
 */
function plainAddress(text: string): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? [];
  const address = (bracketed ?? withPort ?? text.trim()).replace(/%.*$/, '');
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : undefined;
  const groups = groupsOf(address);
  const prefix = groups.slice(0, 6).join(':');
  if (prefix !== '0:0:0:0:0:ffff' && prefix !== '64:ff9b:0:0:0:0') return canonical(address);
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The shortest form, in small letters. */
const canonical = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = canonical(address).split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - (before?.length ?? 0) - (after?.length ?? 0) }, () => '0');
  return [...(before ?? []), ...zeros, ...(after ?? [])];
}
