import { type Environment, readEnvironment, type Variable } from '../kernel/environment.ts';
import { createLog, type Log, type LogOptions, logLevel } from '../kernel/log.ts';
import { createMetrics, type Metrics } from '../kernel/telemetry/metrics.ts';
import {
  ALLOWED_HOSTS,
  CORS_ORIGINS,
  DEBUG,
  ENABLE_METRICS,
  ENVIRONMENT,
  LOG_JSON_FORMAT,
  LOG_LEVEL,
  METRICS_ORGANIZATIONS,
  OTEL_EXPORTER_OTLP_ENDPOINT,
  TRUSTED_PROXIES,
} from '../kernel/variables.ts';
import { isAlone } from './endpoint.ts';

/** Not secret, and the same for every process; all else a process sees is what its providers read. */
export const runtimeVariables = [
  ENVIRONMENT,
  DEBUG,
  LOG_LEVEL,
  LOG_JSON_FORMAT,
  TRUSTED_PROXIES,
  ALLOWED_HOSTS,
  CORS_ORIGINS,
  ENABLE_METRICS,
  METRICS_ORGANIZATIONS,
  OTEL_EXPORTER_OTLP_ENDPOINT,
];

/** Builds one capability for a process. Named in a function's `provide`, so that a bundle holds only what it uses. */
export type Provider<T> = (boot: Boot) => T | Promise<T>;

type Source = Record<string, string | undefined>;
/** The environment of each process, for providers alone. */
const sources = new WeakMap<Boot, Source>();

/**
 * A provider that reads environment variables, and the only way to read them: what it does not name here it does not get.
 * The build finds their definitions in the bundle and gives the unit's processes these variables and no others.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineProvider<V extends Variable, T>(
  variables: readonly V[],
  create: (boot: Boot, environment: Environment<V>) => T | Promise<T>,
): Provider<T> {
  return (boot) => create(boot, readEnvironment(variables, sources.get(boot)));
}

export type Provided<P extends Record<string, Provider<unknown>>> = {
  [Name in keyof P]: Awaited<ReturnType<P[Name]>>;
};

/** The life of one process, from its environment to its last closed connection. */
export interface Boot {
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** No supervisor started it: it is reached at ports, as in a pod. */
  readonly isAlone: boolean;
  readonly runtime: Environment<(typeof runtimeVariables)[number]>;
  /** The same capability for everybody in this process that asks for it. */
  use<T>(provider: Provider<T>): Promise<T>;
  useAll<P extends Record<string, Provider<unknown>>>(providers: P): Promise<Provided<P>>;
  /** Must succeed before the process counts as ready. */
  onReady(check: () => Promise<void>): void;
  onClose(close: () => Promise<unknown>): void;
  ready(): Promise<void>;
  /** Closes in reverse order of opening. */
  close(): Promise<void>;
}

/** @throws ConfigurationError */
export function createBoot(name: string, source: Source = process.env, output?: LogOptions['output']): Boot {
  const runtime = readEnvironment(runtimeVariables, source);
  const log = createLog({
    level: logLevel(runtime),
    output,
    isReadable: !runtime.LOG_JSON_FORMAT,
    fields: { process: name, ...(source.PANDECT_INSTANCE && { instance: source.PANDECT_INSTANCE }) },
  });
  const metrics = createMetrics({
    ...{ enabled: runtime.ENABLE_METRICS, byOrganization: runtime.METRICS_ORGANIZATIONS },
  });
  const made = new Map<Provider<unknown>, Promise<unknown>>();
  const checks: (() => Promise<void>)[] = [];
  const closers: (() => Promise<unknown>)[] = [() => metrics.close()];

  const boot: Boot = {
    name,
    log,
    metrics,
    isAlone: isAlone(source),
    runtime,
    use<T>(provider: Provider<T>) {
      let value = made.get(provider) as Promise<T> | undefined;
      if (!value) {
        value = Promise.resolve(provider(boot));
        made.set(provider, value);
      }
      return value;
    },
    async useAll(providers) {
      const entries = Object.entries(providers).map(
        async ([key, provider]) => [key, await boot.use(provider)] as const,
      );
      return Object.fromEntries(await Promise.all(entries)) as Provided<typeof providers>;
    },
    onReady: (check) => void checks.push(check),
    onClose: (close) => void closers.push(close),
    async ready() {
      await Promise.all(checks.map((check) => check()));
    },
    async close() {
      for (const close of closers.toReversed()) {
        await close().catch((error: unknown) => log.warn({ error }, 'Close: did not end cleanly'));
      }
    },
  };
  sources.set(boot, source);
  return boot;
}
