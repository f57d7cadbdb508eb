import { defineSite } from '../platform/kernel/manifest.ts';

export default defineSite({
  mount: '/',
  entries: ['index.html', 'operator.html'],
  // Configuration is read by Node itself: the other way writes a file into the checkout.
  build: ['node', 'node_modules/vite/bin/vite.js', 'build', 'web', '--configLoader', 'native'],
  packages: ['vite', 'react', 'pdfjs-dist'],
  sources: ['client', 'package-lock.json', 'tsconfig.json'],
  budgets: {
    firstScripts: 150_000,
    firstStyles: 15_000,
    laterScript: 40_000,
    scripts: [
      { files: '^assets/pdf\\.worker', bytes: 390_000 },
      { files: '^assets/pdf', bytes: 140_000 },
    ],
  },
});
