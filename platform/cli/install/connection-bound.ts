import { execFile } from 'node:child_process';
import { isIPv4 } from 'node:net';
import { promisify } from 'node:util';
import type { Environment } from '../../kernel/environment.ts';
import {
  MAX_CONNECTIONS_PER_CLIENT,
  PANDECT_DOMAIN,
  PANDECT_EDGE,
  PANDECT_PORT,
  TRUSTED_PROXIES,
} from '../../kernel/variables.ts';

export const boundSettings = [PANDECT_PORT, PANDECT_DOMAIN, PANDECT_EDGE, TRUSTED_PROXIES, MAX_CONNECTIONS_PER_CLIENT];

export type BoundSettings = Environment<(typeof boundSettings)[number]>;

/** Whether these settings ask for a bound: an edge that is not ours is bounded where it stands. */
export const isBounded = (settings: BoundSettings): boolean =>
  settings.PANDECT_EDGE === 'embedded' && settings.MAX_CONNECTIONS_PER_CLIENT > 0;

/** Loading it again replaces what it loaded before, and the counts begin at none. */
const TABLE = 'inet pandect';
const EMPTY = `# Written by "pandect install".
table ${TABLE}
delete table ${TABLE}
`;

/**
 * Rules of nftables that refuse new connections to the edge from a client that holds too many, since Caddy has no such limit. A
 * client is an IPv4 address or the /64 network of an IPv6 address, as for limits on rates. The host itself and trusted proxies, which
 * connect for many clients, are exempt. Where nothing is to be bounded the rules are empty, and loading them takes away earlier ones.
 */
export function renderConnectionBound(settings: BoundSettings): string {
  if (!isBounded(settings)) return EMPTY;
  const { PANDECT_DOMAIN, PANDECT_PORT, TRUSTED_PROXIES, MAX_CONNECTIONS_PER_CLIENT: most } = settings;
  // HTTP/3 runs over UDP.
  const ports = PANDECT_DOMAIN ? ['tcp . 80', 'tcp . 443', 'udp . 443'] : [`tcp . ${PANDECT_PORT}`];
  const exempt = { ipv4: ['127.0.0.0/8'], ipv6: ['::1'] };
  for (const network of TRUSTED_PROXIES) {
    exempt[isIPv4(network.split('/')[0] as string) ? 'ipv4' : 'ipv6'].push(network);
  }
  return `${EMPTY}
table ${TABLE} {
	set exempt4 {
		type ipv4_addr
		flags interval
		auto-merge
		elements = { ${exempt.ipv4.join(', ')} }
	}
	set exempt6 {
		type ipv6_addr
		flags interval
		auto-merge
		elements = { ${exempt.ipv6.join(', ')} }
	}
	# Entries without connections are removed by the kernel.
	set clients4 {
		type ipv4_addr
		size 65535
		flags dynamic
	}
	set clients6 {
		type ipv6_addr
		size 65535
		flags dynamic
	}
	# Not by ICMP, of which the kernel sends few.
	chain refuse {
		meta l4proto tcp reject with tcp reset
		drop
	}
	chain input {
		type filter hook input priority filter - 1; policy accept;
		ct state != new accept
		meta l4proto . th dport != { ${ports.join(', ')} } accept
		ip saddr @exempt4 accept
		ip6 saddr @exempt6 accept
		add @clients4 { ip saddr ct count over ${most} } counter goto refuse
		add @clients6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over ${most} } counter goto refuse
	}
}
`;
}

export const nft = (...args: string[]) => promisify(execFile)('nft', args, { timeout: 10_000 });

/**
 * Loads the rules of a file.
 * @returns undefined, or why connections are not bounded; the platform serves without it
 */
export async function loadConnectionBound(path: string): Promise<string | undefined> {
  try {
    await nft('-f', path);
    return undefined;
  } catch (cause) {
    return reasonOf(cause);
  }
}

/** Takes the rules away; those that are not there are no failure. */
export const unloadConnectionBound = (): Promise<unknown> =>
  nft('delete', 'table', ...TABLE.split(' ')).catch(() => {});

/** The rules that the kernel holds, empty where it holds none. @throws when `nft` is missing or may not look */
export async function loadedConnectionBound(): Promise<string> {
  try {
    return (await nft('list', 'table', ...TABLE.split(' '))).stdout;
  } catch (cause) {
    if (/No such file or directory/.test((cause as { stderr?: string }).stderr ?? '')) return '';
    throw new Error(reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code, stderr, message } = cause as NodeJS.ErrnoException & { stderr?: string };
  return code === 'ENOENT' ? 'nft is not installed' : stderr?.trim() || message;
}
