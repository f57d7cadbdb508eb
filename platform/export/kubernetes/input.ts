import { X509Certificate } from 'node:crypto';
import type { EdgeSite } from '../../edge/site-routes.ts';
import { isNetwork } from '../../kernel/client-address.ts';
import type { Variable } from '../../kernel/environment.ts';
import type { Unit } from '../../supervisor/unit.ts';
import { isThisHost, serverOf } from './cluster/destinations.ts';
import { fixedSettings, plainNames } from './cluster/settings.ts';
import { NAMES } from './names.ts';

/** All that an export depends on. */
export interface ExportInput {
  /** With the variables that their code reads, as the build finds them. */
  units: readonly Unit[];
  /** There is at most one. */
  sites: readonly EdgeSite[];
  /** With its digest. */
  image: string;
  domain: string;
  namespace: string;
  gatewayClass: string;
  variables: readonly Pick<Variable, 'name' | 'secret' | 'path'>[];
  /** The operator's settings; secrets among them are left out. */
  settings: Readonly<Record<string, string | undefined>>;
  /** Certificates of authorities in PEM, by the variables that name their files. */
  authorities: Readonly<Record<string, string>>;
  /** Where names of OUTBOUND_INTERNAL_HOSTS lead that are no Services of the cluster. */
  internalNetworks: readonly string[];
  /** The checkout's `Caddyfile`, whose headers the pod of the site and the routes take over. */
  caddyfile: string;
  /** The API description as JSON. */
  openapi: string;
}

const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const IMAGE =
  /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+(?::[\w.-]{1,128})?@sha256:[0-9a-f]{64}$/;
/** Shorter than names may be, since others are made from it. */
const LONGEST_NAME = 50;

/** @throws Error with a line for each mistake */
export const assertExportable = (input: ExportInput): void =>
  refuse([...placeMistakes(input), ...unitMistakes(input), ...settingMistakes(input)]);

/** The same of what is known before anything is read. */
export const assertPlaces = (places: Places): void => refuse(placeMistakes(places));

/** What the command line says. */
export type Places = Pick<ExportInput, 'image' | 'domain' | 'namespace' | 'gatewayClass' | 'internalNetworks'>;

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new Error(mistakes.map((line) => `Export: ${line}`).join('\n'));
}

function placeMistakes({ image, domain, namespace, gatewayClass, internalNetworks }: Places): string[] {
  return [
    ...(IMAGE.test(image)
      ? []
      : [`image "${image}": must be a registry, a name and a digest, as in registry.example.org/pandect@sha256:…`]),
    ...(HOST.test(domain)
      ? []
      : [`domain "${domain}": must be a host name such as pandect.example.org, without https:// and path`]),
    ...(LABEL.test(namespace) ? [] : [`namespace "${namespace}": must be lower-case letters, digits and hyphens`]),
    ...(LABEL.test(gatewayClass.replaceAll('.', '-')) ? [] : [`gateway class "${gatewayClass}": must be a name`]),
    ...internalNetworks
      .filter((network) => !isCidr(network))
      .map((network) => `internal network "${network}": must be a network such as 10.20.0.0/16`),
  ];
}

const isCidr = (text: string): boolean => text.includes('/') && isNetwork(text);

function unitMistakes({ units, sites, variables }: ExportInput): string[] {
  const taken = new Set<string>(['migrate', ...Object.values(NAMES), ...sites.map((site) => site.name)]);
  const known = new Set(variables.map(({ name }) => name));
  const paths = new Map<string, string>();
  return units.flatMap(({ name, kind, manifest }) => {
    const mounts = 'mount' in manifest ? manifest.mount : [];
    const unknown = manifest.env.filter((variable) => !known.has(variable));
    const lines = [
      ...(LABEL.test(name) && name.length <= LONGEST_NAME
        ? []
        : ['its name cannot be that of an object of Kubernetes']),
      ...(taken.has(name) ? ['its name is that of another object of the export'] : []),
      ...unknown.map((variable) => `reads "${variable}", which nothing defines`),
      ...mounts.flatMap((path) => (paths.has(path) ? [`"${path}" is a path of "${paths.get(path)}" as well`] : [])),
      ...(sites.length > 0 && mounts.includes('/') ? [`"/" is the path of the site "${sites[0]?.name}" as well`] : []),
    ];
    for (const path of mounts) paths.set(path, name);
    return lines.map((line) => `${kind} "${name}": ${line}`);
  });
}

/** What works on one host alone. */
function settingMistakes(input: ExportInput): string[] {
  const { settings, authorities } = input;
  const fixed = fixedSettings(input);
  const local = plainNames(input).filter((name) => !(name in fixed) && leadsHere(name, settings[name]));
  return [
    ...(settings.STORAGE === 'local' ? ['STORAGE: "local": pods share no folder; must be s3'] : []),
    ...(/\/socket|\?host=\/|[?&]path=/.test(`${settings.DATABASE_URL ?? ''} ${settings.REDIS_URL ?? ''}`)
      ? ['DATABASE_URL, REDIS_URL: a unix socket is reached from one host alone']
      : []),
    ...local.map((name) => `${name}: leads to this host, which pods do not reach`),
    ...Object.entries(authorities).flatMap(([name, text]) =>
      areCertificates(text) ? [] : [`${name}: must name a file with certificates in PEM, and nothing else`],
    ),
  ];
}

const leadsHere = (name: string, value: string | undefined): boolean => {
  const host = name === 'SMTP_HOST' ? value?.toLowerCase() : serverOf(value)?.host;
  return host !== undefined && isThisHost(host);
};

function areCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0 && blocks.length === text.split('-----BEGIN ').length - 1;
  } catch {
    return false;
  }
}
