import type { WorkerManifest } from '../kernel/manifest.ts';
import type { Provided, Provider } from '../runtime/boot.ts';
import type { WorkerModule } from '../runtime/run-worker.ts';
import { createDelivery } from '../runtime/work-on-job.ts';
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
      const attempt = { id: crypto.randomUUID(), queue, payload, lastAttempt, unresponsive, signal };
      const delivery = createDelivery(process.boot, attempt);
      return module.handle(delivery, { ...deps, ...others }).finally(() => delivery.progress.settle());
    },
  };
}
