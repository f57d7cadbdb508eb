import { isIP } from 'node:net';
import { isAllowedHost } from '../../../capabilities/outbound/index.ts';
import { inNetworks } from '../../../kernel/client-address.ts';
import { readEnvironment } from '../../../kernel/environment.ts';
import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../kernel/variables.ts';
import type { ExportInput } from '../input.ts';
import { plainNames } from './settings.ts';

/*
 * Network policies know addresses and pods, and no names: where a setting names a server, its name tells what a policy can say of it.
 */

/** Addresses of no one on the internet: other pods, nodes, and the metadata service of the cloud. */
export const PRIVATE_V4 = [
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
];
export const PRIVATE_V6 = ['fc00::/7', 'fe80::/10', '::1/128'];
/** Of these, those in which a company has servers. */
export const INTERNAL_NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

const isPrivate = inNetworks([...PRIVATE_V4, ...PRIVATE_V6]);
const isLoopback = inNetworks(['127.0.0.0/8', '::1/128']);

/** One rule of a policy. Without ports all of them: those of a Service's pods may be others than its own. */
export interface EgressRule {
  to: object[];
  ports?: { protocol: string; port: number }[];
}

export const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: 'TCP', port }));

/** A server that a setting names. */
export interface Server {
  host: string;
  port: number;
}

/** Of a URL with http or https; undefined for every other text. */
export function serverOf(text: string | undefined): Server | undefined {
  if (!text || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  const usual = { 'http:': 80, 'https:': 443 }[protocol];
  return usual === undefined ? undefined : { host: hostname.toLowerCase(), port: port === '' ? usual : Number(port) };
}

const addressOf = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Whether it leads to the pod itself, where nothing of it is. */
export const isThisHost = (host: string): boolean => {
  const address = addressOf(host);
  return address === 'localhost' || (isIP(address) !== 0 && isLoopback(address));
};

/** Towards a server inside of the cluster or of a company. @param networks where names lead that are none of the cluster */
export function internalRules(host: string, ports: readonly number[], networks: readonly string[]): EgressRule[] {
  const address = addressOf(host);
  const version = isIP(address);
  if (version !== 0) {
    return [{ to: [{ ipBlock: { cidr: `${address}/${version === 4 ? 32 : 128}` } }], ports: tcp(ports) }];
  }
  const anywhere = { to: networks.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(ports) };
  return [...clusterRules(host), ...(mayBeAnywhere(host) ? [anywhere] : [])];
}

/** Whether it is a name that may be of a server outside of the cluster. */
export const mayBeAnywhere = (host: string): boolean =>
  isIP(addressOf(host)) === 0 && (clusterRules(host).length === 0 || host.split('.').length === 2);

/** Towards pods behind a Service: `name` of this namespace, `name.namespace`, which may be another name too, or `name.namespace.svc`. */
export function clusterRules(host: string): EgressRule[] {
  const labels = host.split('.');
  if (isIP(addressOf(host)) !== 0) return [];
  if (labels.length === 1) return [{ to: [{ podSelector: {} }] }];
  const svc = labels.indexOf('svc');
  const namespace = svc >= 2 ? labels[svc - 1] : labels.length === 2 ? labels[1] : undefined;
  if (namespace === undefined) return [];
  return [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }] }];
}

/** What pods may call by OUTBOUND_WHITELIST: ports of servers on the internet, and servers inside, each with its ports. */
export function outboundServers(input: ExportInput): { ports: number[]; internal: Map<string, number[]> } {
  const { OUTBOUND_WHITELIST: listed, OUTBOUND_INTERNAL_HOSTS: named } = readEnvironment(
    [OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS],
    input.settings,
  );
  const names = new Set(named.map((host) => host.toLowerCase()));
  const isInternal = (host: string) => names.has(host) || (isIP(addressOf(host)) !== 0 && isPrivate(addressOf(host)));
  const called = plainNames(input).flatMap((name): Server[] => {
    const value = input.settings[name];
    const server = serverOf(value);
    return server && isAllowedHost(new URL(value as string), listed) ? [server] : [];
  });
  const servers = [...listed.flatMap((entry) => serverOf(`https://${entry.trim()}`) ?? []), ...called].filter(
    ({ host }) => !isThisHost(host),
  );
  const portsOf = (of: readonly Server[]) => [...new Set(of.map(({ port }) => port))].toSorted((a, b) => a - b);
  const internal = new Map<string, number[]>();
  for (const { host } of servers.filter((each) => isInternal(each.host))) {
    internal.set(host, portsOf(servers.filter((each) => each.host === host)));
  }
  return { ports: portsOf([{ host: '', port: 443 }, ...servers.filter(({ host }) => !isInternal(host))]), internal };
}
