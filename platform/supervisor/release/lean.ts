import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Packages with native parts: they cannot be bundled and are copied next to the bundle instead. */
export const nativePackages = ['@node-rs/argon2', 'sharp'];

/** What a release does without, since each of its processes would load it at its start and keep it. */
export const lean: Plugin = {
  name: 'lean',
  setup(setup) {
    const replace = (namespace: string, contents: string) =>
      setup.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    // CommonJS: whatever is imported from it is undefined.
    replace('nothing', 'module.exports = {};');
    replace('http', "module.exports = process.getBuiltinModule('node:http');");

    // A definition that nothing in the bundle uses is left out; the bundler does not see by itself that it has no effect.
    setup.onLoad({ filter: /\/(problems|variables)\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        /^(export const \w+ =) (define\w+\()/gm,
        '$1 /* @__PURE__ */ $2',
      ),
      loader: 'ts',
    }));

    // `NodeSDK` names every exporter there is and reads which one to use from variables that no process of ours has; it is
    // given its exporter (see `kernel/telemetry/exporter.ts`).
    setup.onResolve(
      { filter: /^@opentelemetry\/(configuration|propagator-b3|exporter-.+|otlp-grpc-.+)$/ },
      ({ path, importer }) =>
        importer.includes('/node_modules/@opentelemetry/sdk-node/') ? { path, namespace: 'nothing' } : undefined,
    );
    // Loading one is all that an import without a use would do.
    const isNative = new RegExp(`^(${nativePackages.join('|')})$`);
    setup.onResolve({ filter: isNative }, ({ path }) => ({ path, external: true, sideEffects: false }));
    // Zod brings its messages in fifty languages; those that are shown to anybody are our own.
    setup.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/zod/') ? { path, namespace: 'nothing' } : undefined,
    );
    // An import by name reads all that `node:http` exports. Among that is a WebSocket which brings fetch and HTTP/2 with it:
    // 13 MB and 50 ms of a process that may need neither.
    setup.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? undefined : { path: 'http', namespace: 'http' },
    );
  },
};
