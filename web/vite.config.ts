import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

/** Where `vite` sends calls of the API while the app is developed: a platform on the same machine. */
const platform = process.env.PANDECT_URL ?? 'http://localhost:8080';

/** What the edge does for the built pages: the console answers what is below its address. */
const consolePages: Plugin = {
  name: 'console-pages',
  configureServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      if (/^\/operator(?:[/?]|$)/.test(request.url ?? '')) request.url = '/operator.html';
      next();
    });
  },
};

/**
 * PDF.js puts all that it exports into a global object, editors of files included, which keeps what is not used in the bundle. Without that
 * object the bundler leaves it out.
 */
const barePdf: Plugin = {
  name: 'bare-pdf',
  transform(code, id) {
    if (!/pdfjs-dist\/build\/pdf\.mjs$/.test(id)) return undefined;
    const bare = code.replace(/^globalThis\.pdfjsLib = \{[^}]*\};$/m, '');
    if (bare === code) this.error('no global object in PDF.js');
    return { code: bare, map: null };
  },
};

export default defineConfig({
  plugins: [tailwindcss(), consolePages, barePdf],
  build: {
    target: 'es2023',
    outDir: process.env.PANDECT_SITE_OUT ?? 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Libraries mark what is for a browser; all of this is.
    rolldownOptions: {
      input: ['index.html', 'operator.html'].map((page) => join(import.meta.dirname, page)),
      onLog: (level, log, write) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : write(level, log)),
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': platform, '/.well-known': platform } },
});
