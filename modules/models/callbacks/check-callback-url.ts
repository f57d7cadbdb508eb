import { isIP } from 'node:net';
import { isAllowedHost } from '../../../platform/capabilities/outbound/index.ts';
import { isInternalAddress } from '../../../platform/capabilities/outbound/lookup-publicly.ts';
import { inNetworks } from '../../../platform/kernel/client-address.ts';

const LONGEST = 2_048;
const isLoopbackAddress = inNetworks(['127.0.0.0/8', '::1/128']);

/**
 * Why an address cannot be called back; undefined when it can. Where a name leads is looked at again whenever it is called.
 * @param allowedHosts those of OUTBOUND_WHITELIST
 */
export function callbackMistake(text: string, allowedHosts: readonly string[]): string | undefined {
  if (text.length > LONGEST) return `must have at most ${LONGEST} characters`;
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username || url.password) return 'must not hold a name or password';
  if (url.hash) return 'must not hold a fragment';
  // The same words for every host, so that no one finds out which there are inside.
  const refused = 'its host is not one that this platform may call';
  if (!isAllowedHost(url, allowedHosts)) return refused;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isLoopback = host === 'localhost' || (isIP(host) > 0 && isLoopbackAddress(host));
  if (!isLoopback && isIP(host) > 0 && isInternalAddress(host)) return refused;
  if (url.protocol === 'http:' && !isLoopback) return 'must begin with https://';
  return undefined;
}
