import type { createBoot } from './boot.ts';

/** Loads the exporter only where a collector is configured; see `kernel/telemetry/exporter.ts`. */
export async function startTracing(boot: ReturnType<typeof createBoot>): Promise<void> {
  const endpoint = boot.runtime.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return;
  const { startTraceExport } = await import('../kernel/telemetry/exporter.ts');
  const exporter = startTraceExport(endpoint, `pandect-${boot.name}`);
  boot.onClose(() => exporter.close());
}
