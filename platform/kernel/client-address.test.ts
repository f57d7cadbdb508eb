import { describe, expect, it } from 'vitest';
import { clientAddress, clientKey, clientNetwork, inNetworks, isNetwork } from './client-address.ts';

describe('clientKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['local', 'local'],
  ])('counts %s under %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  it('tells neighbouring networks apart', () => {
    expect(clientKey('2001:db8:0:1::1')).not.toBe(clientKey('2001:db8:0:2::1'));
  });
});

describe('clientAddress', () => {
  const trusted = inNetworks(['10.0.0.0/8', '2001:db8:ffff::/48', '127.0.0.1']);

  it.each([
    ['the last one where no proxy is known', '203.0.113.9, 198.51.100.4', '198.51.100.4'],
    ['the one before a trusted proxy', '198.51.100.4, 10.1.2.3', '198.51.100.4'],
    ['the one before several', '198.51.100.4, 2001:db8:ffff::9, 10.1.2.3, 127.0.0.1', '198.51.100.4'],
    ['not what a client sent through a trusted proxy', '127.0.0.1, 198.51.100.4, 10.1.2.3', '198.51.100.4'],
    ['a proxy itself', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['a proxy that names no address', 'unknown, 10.1.2.3', '10.1.2.3'],
    ['an address with a port', '198.51.100.4:5000, 10.1.2.3', '198.51.100.4'],
    ['a trusted one in the form of IPv6', '198.51.100.4, ::ffff:10.1.2.3', '198.51.100.4'],
    ['an IPv6 address', '[2001:db8::7]:443, 10.1.2.3', '2001:db8::7'],
  ])('is %s', (_, header, address) => {
    expect(clientAddress(header, trusted)).toBe(address);
  });

  it('is local without the header', () => {
    expect([clientAddress(undefined, trusted), clientAddress('', trusted)]).toEqual(['local', 'local']);
  });
});

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['local', 'local'],
  ])('of %s is %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});

describe('isNetwork', () => {
  it.each(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1', '0.0.0.0/0'])('takes %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });
  it.each(['10.0.0.0/33', '2001:db8::/129', 'proxy.example', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0/8', ''])(
    'refuses "%s"',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
