import { isAllowedHost } from '../../../platform/capabilities/outbound/index.ts';
import { didYouMean } from '../../../platform/kernel/nearest.ts';
import { type ProviderKind, providerKinds } from '../providers/adapter.ts';
import { kindRules } from '../providers/kinds.ts';
import { type Ability, abilities } from '../routing/route.ts';
import { isPlainUrl } from './is-plain-url.ts';
import { placeOf } from './place-of.ts';

/** What the platform has of what a document may name. */
export interface Allowed {
  /** Variables of the environment that may hold keys, and whether they are set. */
  environment: ReadonlyMap<string, boolean>;
  /** Those that may name a PEM file, and whether they are set. */
  files: ReadonlyMap<string, boolean>;
  /** Names of the keys that were entered. */
  secrets: ReadonlySet<string>;
  /** OUTBOUND_WHITELIST */
  hosts: readonly string[];
}

type Loose = Record<string, unknown>;

/** Most targets of a route: each call looks at the state of all. */
const MOST_TARGETS = 8;

/**
 * What the parts of a document ask of each other and of the platform: a line for each mistake. Parts that are wrong in form are passed
 * over, whose mistakes the schema names.
 */
export function referenceMistakes(document: unknown, allowed: Allowed): string[] {
  const { providers, models, routes } = loose(document);
  const modelNames = Object.keys(loose(models));
  return [
    ...each(providers, 'providers', (entry, path) => [
      ...kindMistakes(entry, path, allowed),
      ...keyMistakes(entry, path, allowed),
    ]),
    ...each(models, 'models', (entry, path) => modelMistakes(entry, path, loose(providers))),
    ...each(routes, 'routes', (entry, path) => targetMistakes(entry, path, modelNames, Object.keys(loose(routes)))),
  ];
}

function kindMistakes(entry: Loose, path: string[], { hosts, files }: Allowed): string[] {
  const { base, keys, ca } = entry;
  const kind = entry.kind as ProviderKind;
  if (!providerKinds.includes(kind)) return [];
  const { defaultBaseUrl, needsKey } = kindRules[kind];
  const at = (...more: string[]) => placeOf([...path, ...more]);
  const lines = optionMistakes(kind, loose(entry.options), (option) => at('options', option));
  if ((base ?? defaultBaseUrl) === undefined) lines.push(`${at('base')}: missing: kind ${kind} has no usual address`);
  if (needsKey && list(keys).length === 0) lines.push(`${at('keys')}: missing: kind ${kind} needs a key`);
  if (typeof ca === 'string' && !files.has(ca)) {
    const known = [...files.keys()].join(', ');
    lines.push(`${at('ca')}: "${ca}" is not a variable that may name a PEM file; these are: ${known}`);
  } else if (typeof ca === 'string' && !files.get(ca)) lines.push(`${at('ca')}: ${ca} is not set`);
  for (const [place, url] of serversOf(kind, entry)) {
    if (typeof url !== 'string' || !isPlainUrl(url) || isAllowedHost(new URL(url), hosts)) continue;
    lines.push(`${at(...place)}: "${new URL(url).host}" is not in OUTBOUND_WHITELIST`);
  }
  return lines;
}

function optionMistakes(kind: ProviderKind, options: Loose, at: (option: string) => string): string[] {
  const rules = kindRules[kind].options;
  const known = Object.keys(rules);
  return [
    ...Object.entries(options).flatMap(([name, value]) => {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (!rule) return [`${at(name)}: kind ${kind} has no such option${didYouMean(name, known)}`];
      return typeof value === rule.type ? [] : [`${at(name)}: must be a ${rule.type}`];
    }),
    ...known.flatMap((name) =>
      rules[name]?.required && !Object.hasOwn(options, name) ? [`${at(name)}: missing: kind ${kind} needs it`] : [],
    ),
  ];
}

/** Addresses that a provider calls, with their places. */
function serversOf(kind: ProviderKind, { base, options }: Loose): [place: string[], url: unknown][] {
  if (kind === 'local') return [];
  const { defaultBaseUrl, otherUrls = {} } = kindRules[kind];
  const given = loose(options);
  return [
    [['base'], base ?? defaultBaseUrl],
    ...Object.entries(otherUrls).map(([option, usual]): [string[], unknown] => [
      ['options', option],
      given[option] ?? usual,
    ]),
  ];
}

function keyMistakes({ keys }: Loose, path: string[], { environment, secrets }: Allowed): string[] {
  const seen = new Set<string>();
  return list(keys).flatMap((entry, index) => {
    const { env, secret } = loose(entry);
    const at = placeOf([...path, 'keys', index]);
    if ((env === undefined) === (secret === undefined)) return [`${at}: must name either env or secret`];
    const source = JSON.stringify([env, secret]);
    if (seen.has(source)) return [`${at}: names the same key as an earlier one`];
    seen.add(source);
    if (typeof env === 'string') {
      const known = [...environment.keys()].join(', ');
      if (!environment.has(env)) {
        return [
          `${at}.env: "${env}" is not a variable that processes are given; these are: ${known}. For any other key run pandect gateway secret set NAME, and write secret: NAME`,
        ];
      }
      return environment.get(env) ? [] : [`${at}.env: ${env} is not set`];
    }
    if (typeof secret !== 'string' || secrets.has(secret)) return [];
    return [`${at}.secret: there is no key "${secret}"; enter it by pandect gateway secret set ${secret}`];
  });
}

function modelMistakes({ provider, can }: Loose, path: string[], providers: Loose): string[] {
  if (typeof provider !== 'string') return [];
  const kind = loose(providers[provider]).kind as ProviderKind;
  const known = providerKinds.includes(kind) ? kindRules[kind].can : abilities;
  const lacking = abilities.filter((ability) => !known.includes(ability));
  return [
    ...unknownName([...path, 'provider'], 'provider', provider, Object.keys(providers)),
    ...list(can).flatMap((ability, index) => {
      if (!lacking.includes(ability as Ability)) return [];
      return [`${placeOf([...path, 'can', index])}: kind ${kind} cannot do ${ability}; it can do ${known.join(', ')}`];
    }),
  ];
}

function targetMistakes({ targets, strategy }: Loose, path: string[], models: string[], routes: string[]): string[] {
  const isList = Array.isArray(targets);
  const names: [string | number, unknown][] = isList
    ? targets.map((name, index) => [index, name])
    : Object.keys(loose(targets)).map((name) => [name, name]);
  const at = placeOf([...path, 'targets']);
  const seen = new Set<unknown>();
  return [
    ...(names.length === 0 && targets !== undefined && typeof targets === 'object' ? [`${at}: must name a model`] : []),
    ...(names.length > MOST_TARGETS ? [`${at}: must name at most ${MOST_TARGETS} models`] : []),
    ...(strategy === 'order' && !isList && names.length > 0 ? [`${at}: weights need strategy: weighted`] : []),
    ...names.flatMap(([key, name]) => {
      if (typeof name !== 'string') return [];
      const place = [...path, 'targets', key];
      if (seen.has(name)) return [`${placeOf(place)}: "${name}" is named twice`];
      seen.add(name);
      if (!models.includes(name) && routes.includes(name)) {
        return [`${placeOf(place)}: "${name}" is a route; a route leads to models`];
      }
      return unknownName(place, 'model', name, models);
    }),
  ];
}

const unknownName = (path: PropertyKey[], what: string, name: string, known: string[]): string[] =>
  known.includes(name) ? [] : [`${placeOf(path)}: there is no ${what} "${name}"${didYouMean(name, known)}`];

const each = (entries: unknown, place: string, check: (entry: Loose, path: string[]) => string[]): string[] =>
  Object.entries(loose(entries)).flatMap(([name, entry]) =>
    // The schema passes it over.
    name === '__proto__' ? [`${placeOf([place, name])}: cannot be a name`] : check(loose(entry), [place, name]),
  );

const loose = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
