import { type Provider, type ProviderKey, providerKinds } from '../providers/adapter.ts';
import { conversation, kindRules } from '../providers/kinds.ts';
import type { RepeatOn, Route, Target } from '../routing/route.ts';
import type {
  GatewayConfiguration,
  GatewayDocument,
  GatewayLimits,
  ModelEntry,
  ProviderEntry,
  RouteEntry,
} from './contract.ts';
import { keysNamedBy, nameOf, type SecretOf } from './key-source.ts';
import { loggingKeepMs } from './logging-keep.ts';
import { duration, size } from './quantities.ts';

/** What is in effect where a document says nothing. */
export interface GatewayDefaults {
  limits: GatewayLimits;
  breaker: GatewayConfiguration['breaker'];
  timeouts: Provider['timeouts'];
  /** Of routes that keep answers without naming a time. */
  cacheSeconds: number;
}

export interface Resolution {
  version: number;
  secretOf: SecretOf;
  /** Paths of PEM files by their variables. */
  files: ReadonlyMap<string, string>;
  defaults: GatewayDefaults;
  /** Keys of the organization itself by the names of providers, in place of the platform's; undefined for one that cannot be read. */
  ownKeys?: ReadonlyMap<string, ProviderKey | undefined>;
}

const REPEATED_ON: readonly RepeatOn[] = ['connect', 'timeout', '429', '5xx', 'overloaded'];
const RETRY = { attempts: 3, budgetMs: 20_000, on: REPEATED_ON };

/**
 * The configuration that a document stands for. A key without its secret is left out, and routes pass over a provider whose keys are all
 * missing.
 * @throws Error when it cannot be put together: it was made by another version, or by hand
 */
export function resolve(document: GatewayDocument, resolution: Resolution): GatewayConfiguration {
  const { version, defaults } = resolution;
  const providers = mapEntries(document.providers, (name, entry) => provider(name, entry, resolution));
  const targets = mapEntries(document.models, (name, entry) => target(name, entry, providers));
  const routes = mapEntries(document.routes, (name, entry) => route(name, entry, targets, defaults));
  const alone = new Map<string, Route>();
  for (const each of targets.values()) alone.set(each.name, routeOfOne(each));
  const { limits = {}, breaker = {} } = document;
  return {
    version,
    limits: {
      bodyBytes: size(limits.body, defaults.limits.bodyBytes),
      responseBytes: size(limits.response, defaults.limits.responseBytes),
      mediaBodyBytes: size(limits.mediaBody, defaults.limits.mediaBodyBytes),
      concurrent: limits.concurrent ?? defaults.limits.concurrent,
    },
    breaker: {
      failures: breaker.failures ?? defaults.breaker.failures,
      resetMs: duration(breaker.reset, defaults.breaker.resetMs),
    },
    logging: { keepMs: loggingKeepMs(document) },
    route: (name) => routes.get(name) ?? alone.get(name),
    routes: () => [...routes.values()],
    targets: () => [...targets.values()],
  };
}

/** Names of keys whose secrets are not there. */
export const missingKeys = (document: GatewayDocument, secretOf: SecretOf): string[] => [
  ...new Set(
    keysNamedBy(document)
      .filter((source) => secretOf(source) === undefined)
      .map(nameOf),
  ),
];

function provider(name: string, entry: ProviderEntry, resolution: Resolution): Provider {
  const { secretOf, files, defaults, ownKeys } = resolution;
  const { kind, base, ca = '', timeouts = {}, options = {} } = entry;
  if (!providerKinds.includes(kind)) throw new Error(`Resolve provider "${name}": unknown kind "${kind}"`);
  const baseUrl = base ?? kindRules[kind].defaultBaseUrl;
  if (baseUrl === undefined) throw new Error(`Resolve provider "${name}": no base`);
  const own = ownKeys?.get(name);
  // Never the platform's for one that cannot be read: its calls would be charged elsewhere.
  const keys = ownKeys?.has(name) ? [own].filter((key) => key !== undefined) : keysOf(name, entry, secretOf);
  const concurrency = kindRules[kind].usualConcurrency?.(options);
  const caPath = files.get(ca);
  return {
    name,
    kind,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    keys: concurrency === undefined ? keys : keys.map((key) => ({ concurrency, ...key })),
    ...(caPath !== undefined && { caPath }),
    timeouts: {
      connectMs: duration(timeouts.connect, defaults.timeouts.connectMs),
      firstMs: duration(timeouts.first, defaults.timeouts.firstMs),
      idleMs: duration(timeouts.idle, defaults.timeouts.idleMs),
      totalMs: duration(timeouts.total, defaults.timeouts.totalMs),
    },
    options,
  };
}

function keysOf(provider: string, { keys = [] }: ProviderEntry, secretOf: SecretOf): ProviderKey[] {
  // One that names no key is asked without: its calls still take turns under a name.
  if (keys.length === 0) return [{ id: provider, secret: '', weight: 1 }];
  return keys.flatMap(({ weight = 1, rpm, concurrency, ...source }) => {
    const secret = secretOf(source);
    if (secret === undefined) return [];
    const id = `${provider}/${nameOf(source)}`;
    return [
      { id, secret, weight, ...(rpm !== undefined && { rpm }), ...(concurrency !== undefined && { concurrency }) },
    ];
  });
}

function target(name: string, entry: ModelEntry, providers: ReadonlyMap<string, Provider>): Target {
  const provider = providers.get(entry.provider);
  if (!provider) throw new Error(`Resolve model "${name}": there is no provider "${entry.provider}"`);
  const { name: model, price = model, maxOutput } = entry;
  const can = entry.can ?? conversation.filter((ability) => kindRules[provider.kind].can.includes(ability));
  const talks = !can.includes('chat') && can.some((ability) => conversation.includes(ability));
  return {
    name,
    provider,
    model,
    can: talks ? ['chat', ...can] : can,
    price,
    ...(maxOutput !== undefined && { maxOutput }),
  };
}

function route(
  name: string,
  { strategy, targets, retry = {}, drop = false, cache }: RouteEntry,
  known: ReadonlyMap<string, Target>,
  defaults: GatewayDefaults,
): Route {
  const weights = Array.isArray(targets) ? targets.map((each): [string, number] => [each, 1]) : Object.entries(targets);
  const found = weights.map(([each, weight]) => {
    const target = known.get(each);
    if (!target) throw new Error(`Resolve route "${name}": there is no model "${each}"`);
    return { target, weight };
  });
  // Those that cannot be called are passed over; if it is all of them, the refusal of the provider tells why.
  const usable = found.filter(({ target }) => target.provider.keys.length > 0);
  return {
    name,
    strategy: strategy ?? (Array.isArray(targets) ? 'order' : 'weighted'),
    targets: usable.length > 0 ? usable : found,
    retry: {
      attempts: retry.attempts ?? RETRY.attempts,
      budgetMs: duration(retry.budget, RETRY.budgetMs),
      on: retry.on ?? RETRY.on,
    },
    drop,
    cacheSeconds: cache === true ? defaults.cacheSeconds : Math.floor(duration(cache, 0) / 1000),
  };
}

const routeOfOne = (target: Target): Route => ({
  name: target.name,
  strategy: 'order',
  targets: [{ target, weight: 1 }],
  retry: RETRY,
  drop: false,
  cacheSeconds: 0,
});

/** By name. Not an object: a name may be that of a property which every object has. */
const mapEntries = <Entry, Made>(entries: Record<string, Entry>, make: (name: string, entry: Entry) => Made) =>
  new Map(Object.entries(entries).map(([name, entry]): [string, Made] => [name, make(name, entry)]));
