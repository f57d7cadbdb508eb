import type { Plugin } from 'esbuild';

/**
 * `NodeSDK` names every exporter there is and reads which one to use from variables that no process of ours has; it is
 * given its exporter (see `kernel/telemetry/exporter.ts`). Without the others a release is a quarter smaller.
 */
export const unusedExporters: Plugin = {
  name: 'unused',
  setup(setup) {
    setup.onResolve({ filter: /^@opentelemetry\/(configuration|propagator-b3|exporter-.+|otlp-grpc-.+)$/ }, (args) =>
      args.importer.includes('/node_modules/@opentelemetry/sdk-node/')
        ? { path: args.path, namespace: 'unused' }
        : undefined,
    );
    // CommonJS: whatever is imported from it is undefined.
    setup.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};
