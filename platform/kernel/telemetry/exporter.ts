import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Sends spans to an OTLP/HTTP collector. The libraries behind it are large, so this file is only ever imported
 * dynamically, after the process is ready and only when a collector is configured.
 */
export function startTraceExport(endpoint: string, service: string): { close(): Promise<void> } {
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
  });
  sdk.start();
  return { close: () => sdk.shutdown() };
}
