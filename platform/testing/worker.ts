import type { WorkerManifest } from '../kernel/manifest.ts';
import type { Refused } from '../kernel/telemetry/limit-reasons.ts';
import type { Provided, Provider } from '../runtime/boot.ts';
import { createJobProgress } from '../runtime/job-progress.ts';
import { tellRefusal } from '../runtime/refusals.ts';
import type { WorkerModule } from '../runtime/run-worker.ts';
import type { TestDatabase } from './database.ts';
import { type TestEnvironment, type TestProcess, testProcess } from './process.ts';

export interface TestWorker<P extends Record<string, Provider<unknown>>> extends TestProcess {
  deps: Provided<P>;
  /** Hands a job over as the queue would. */
  deliver(
    payload: unknown,
    options?: {
      queue?: string;
      lastAttempt?: boolean;
      unresponsive?: number;
      signal?: AbortSignal;
      deps?: Partial<Provided<P>>;
    },
  ): Promise<void>;
}

/** A worker with its real dependencies, without a process and a queue around it. */
export async function testWorker<P extends Record<string, Provider<unknown>>>(
  database: TestDatabase,
  unit: { name: string; manifest: WorkerManifest; module: WorkerModule<P> },
  options: { environment?: TestEnvironment; folder?: string } = {},
): Promise<TestWorker<P>> {
  const { name, manifest, module } = unit;
  const process = await testProcess({ kind: 'worker', name, manifest }, database, options);
  const deps = await process.boot.useAll(module.provide);
  return {
    ...process,
    deps,
    deliver(
      payload,
      { queue = name, lastAttempt = false, unresponsive = 0, signal = new AbortController().signal, deps: others } = {},
    ) {
      const { log, metrics } = process.boot;
      const refused: Refused = (problem, organizationId) => tellRefusal({ metrics, log }, problem, organizationId);
      const progress = createJobProgress(log);
      const told = { queue, payload, lastAttempt, unresponsive, signal, progress, log, refused };
      const delivery = { id: crypto.randomUUID(), ...told };
      return module.handle(delivery, { ...deps, ...others }).finally(() => progress.settle());
    },
  };
}
