import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

/** Where `vite` sends calls of the API while the app is developed: a platform on the same machine. */
const platform = process.env.PANDECT_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [tailwindcss()],
  build: {
    target: 'es2023',
    outDir: process.env.PANDECT_SITE_OUT ?? 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Libraries mark what is for a browser; all of this is.
    rolldownOptions: {
      onLog: (level, log, write) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : write(level, log)),
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': platform, '/.well-known': platform } },
});
