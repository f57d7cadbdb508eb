import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

/** Where `vite` sends calls of the API while the app is developed: a platform on the same machine. */
const platform = process.env.PANDECT_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [tailwindcss()],
  base: './',
  experimental: {
    // Scripts name each other from the place that the pool of assets has, pages from where they themselves are served.
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? { relative: true } : `/${file}`),
  },
  build: {
    target: 'es2023',
    outDir: process.env.PANDECT_SITE_OUT ?? 'dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': platform, '/.well-known': platform } },
});
