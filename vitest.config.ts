import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** On platforms of their own, in which little depends on how fast the machine is. */
const patient = [
  'tests/product/ingestion.test.ts',
  'tests/product/reindex.test.ts',
  'tests/hostile/unprivileged.test.ts',
];

/** Tests with programs that a variable names, see CONTRIBUTING.md. Without it they cost the others no time. */
const peers = 'tests/peers/**/*.test.ts';
const wantedPeers = [
  process.env.PANDECT_PEER_CADDY ? 'tests/peers/current-caddy.test.ts' : '',
  process.env.PANDECT_PEER_CLIENTS ? 'tests/peers/gateway-clients.test.ts' : '',
].filter((path) => path !== '');

/** Loads the machine by itself, and tells how long parts took to come back. */
const alone = ['tests/operations/chaos.test.ts'];

/** Reads the larger set of samples, if there is one: for as long as most others take together. */
const samples = 'modules/legal/reading/samples.test.ts';

/** Most of the time they wait. */
const long = ['many-deploys', 'supervisor-restart', 'bad-functions', 'side-by-side', 'deploy', 'sleep', 'upload'];

/** The longest begin first, so that the others fill the time next to them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const names = [...patient, samples, ...long.map((name) => `${name}.test.ts`)];
    const rank = ({ moduleId }: TestSpecification) => {
      const index = names.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index === -1 ? names.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** See `tests/support/built-releases.ts`. Test processes inherit it. */
const releases = mkdtempSync(join(tmpdir(), 'pandect-releases-'));
process.env.PANDECT_TEST_RELEASES = releases;
process.on('exit', () => rmSync(releases, { recursive: true, force: true }));

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{platform,modules,functions,workers,db,scripts,eval}/**/*.test.ts'],
          globalSetup: './modules/testing/global-setup.ts',
          // Most wait for a database, a process or a clock.
          maxWorkers: 3,
          // What they import is loaded once by each worker: nothing of it holds state or does anything by itself.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'patient',
          include: patient,
          // Next to the unit tests, which share their workers with them.
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts'],
          exclude: [...patient, ...alone, peers],
          globalSetup: './tests/support/shared-platform.ts',
          // Each starts whole platforms: no more than two side by side, when the others are done.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'peers',
          include: wantedPeers,
          sequence: { groupOrder: 3 },
          testTimeout: 600_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
