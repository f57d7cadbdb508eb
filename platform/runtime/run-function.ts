import { writeFile } from 'node:fs/promises';
import { clientAddress, clientKey, inNetworks } from '../kernel/client-address.ts';
import type { FunctionManifest } from '../kernel/manifest.ts';
import { figuresPath } from '../kernel/paths/figures-path.ts';
import { overloaded } from '../kernel/problems.ts';
import { createBoot, type Provided, type Provider } from './boot.ts';
import { keepCompiledCode } from './compiled-code.ts';
import { readEndpoint } from './endpoint.ts';
import { keepFilesPrivate } from './file-modes.ts';
import { composeFunction } from './http/compose-function.ts';
import type { LimitRate } from './http/limit-rate.ts';
import type { Router } from './http/router.ts';
import { serveApp } from './http/serve-app.ts';
import { collectWhenIdle } from './idle-memory.ts';
import { listen } from './listener.ts';
import { showProcess } from './process-figures.ts';
import { countRefusal } from './refusals.ts';
import { createReport } from './report.ts';
import { endOnFailure, onShutdown } from './shutdown.ts';
import { standBy } from './stand-by.ts';
import { startTracing } from './start-tracing.ts';
import type { WriteProblem } from './write-problem.ts';

/** What a function's `app.ts` exports. */
export interface FunctionModule<P extends Record<string, Provider<unknown>>> {
  provide: P;
  createApp(deps: Provided<P>): Router;
  /** Only where clients speak a protocol that has its own form of errors. */
  writeProblem?: WriteProblem;
}

/**
 * The whole life of a function process; the entry of every function's bundle calls it.
 * @param limitRate only where the manifest asks for it: otherwise it stays out of the bundle, with the variables that it reads
 */
export async function runFunction<P extends Record<string, Provider<unknown>>>(
  name: string,
  manifest: FunctionManifest,
  module: FunctionModule<P>,
  limitRate?: LimitRate,
): Promise<void> {
  keepFilesPrivate();
  endOnFailure(name);
  const report = createReport();
  const endpoint = readEndpoint('function');
  const boot = createBoot(name);
  const app = module.createApp(await boot.useAll(module.provide));
  const { writeProblem } = module;
  const composed = await composeFunction(boot, manifest, app, limitRate, writeProblem);
  const { handler, sockets } = serveApp(composed, manifest);
  await standBy(() => boot.ready());
  const refuse = () => {
    report.refuse();
    countRefusal(boot.metrics, overloaded);
  };
  const isTrusted = inNetworks(boot.runtime.TRUSTED_PROXIES);
  const listener = await listen(
    endpoint,
    handler,
    {
      ready: () => boot.ready(),
      metrics: () => boot.metrics.expose(),
      openapi: () => app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: name, version: '1' } }),
    },
    {
      ...{ concurrency: manifest.concurrency, sockets, ...(writeProblem && { writeProblem }) },
      report: { ...report, refuse },
      arrivals: {
        body: manifest.body,
        clientOf: ({ headers }) =>
          clientKey(clientAddress(headers['x-forwarded-for'] as string | undefined, isTrusted)),
      },
    },
  );
  showProcess(boot.metrics, name, report);
  collectWhenIdle(report);
  onShutdown(boot.log, async () => {
    await listener.drain(manifest);
    // A cluster reads them from each process for as long as that runs.
    if ('socket' in endpoint) await writeFile(figuresPath(endpoint.socket), await boot.metrics.expose());
    await listener.close();
    await boot.close();
  });
  await startTracing(boot);
  keepCompiledCode();
}
