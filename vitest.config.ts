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
  process.env.PANDECT_PEER_GENERATED ? 'tests/peers/generated-clients.test.ts' : '',
  process.env.PANDECT_PEER_IMAGE ? 'tests/peers/container-image.test.ts' : '',
  process.env.PANDECT_PEER_S3 ? 'tests/peers/independent-s3.test.ts' : '',
].filter((path) => path !== '');

/** Loads the machine most of the time, and tells how long parts took to come back. */
const chaos = 'tests/operations/chaos.test.ts';

/** It leaves some of the machine idle, enough for one at a time of those that start small platforms and measure no time. */
const besideChaos = [
  ...['operations/image-deploy', 'operations/settings', 'product/s3', 'operations/operator', 'operations/canary'],
  ...['operations/full-disk', 'product/mail'],
].map((name) => `tests/${name}.test.ts`);

/** Reads the larger set of samples, if there is one: for as long as most others take together. */
const samples = 'modules/legal/reading/samples.test.ts';

/** Builds all units. What starts platforms comes later, and need not. */
const builds = 'platform/supervisor/release/read-variables.test.ts';

/** The long ones without a platform. */
const long = [
  ...['backup/log/log', 'backup/backups', 'restore/restore', 'cli/serve-alone'],
  ...['inspect/inspect-picture', 'process/parse-process', 'runtime/run-worker', 'process/parse-document'],
  ...['chats/killed', 'pictures/killed', 'workers/reindex/handle', 'process/cut-text', 'reading/text-growth'],
  ...['scans/recognize-text', 'sign-in/sign-in-origins', 'external/killed', 'ask/field', 'ask/metering-limits'],
  ...['ask/with-provider', 'pictures/callbacks', 'routes/upload-version', 'sending/killed', 's3/s3-storage'],
  ...['services/postgres', 'data/bots', 'ingest/resume', 'storage/moving-storage', 'workers/reindex/killed'],
  ...['workers/subscriptions/killed', 'edge/switching', 'modules/table-owners', 'ingest/handle', 'ask/metering-ends'],
  ...['data/wallets', 'external/callbacks', 'cli/main', 'ask/through-routes', 'routing/leaving'],
  ...['home/whole-home', 'gateway/telemetry', 'external/calls', 'cli/source-places', 'cases/secrets'],
  ...['release/bundle', 'scripts/summary-reporter', 'workers/notify/killed', 'gateway/running', 'auth/pre-hijacking'],
  ...['admin/killed', 'cases/kills', 'calls/journal', 'ask/answer-question', 'storage/local-storage'],
];

/** Most of them on a platform of their own. Those on the shared one come last: it takes a share of the machine while it runs. */
const longSystem = [
  ...['supervisor-restart', 'many-deploys', 'operations/deploy', 'bad-functions', 'keys-rotate'],
  ...['product/upload', 'operations/sleep', 'how-to', 'operations/operations', 'hostile/slow-clients'],
  ...[
    'operations/two-hosts',
    'operations/scaling',
    'side-by-side',
    'operations/telemetry',
    'operations/site',
    'hostile/edge',
  ],
  ...['hostile/isolation', 'product/openapi', 'web/console', 'web/every-screen', 'web/ask', 'web/sources'],
  ...['web/account', 'web/documents', 'product/tokens', 'product/images', 'hostile/hostile', 'hostile/hostile-uploads'],
];

/** The longest begin first, so that the others fill the time next to them, and none is left alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const named = (names: string[]) => names.map((name) => `${name}.test.ts`);
    const names = [builds, samples, ...named(long), ...patient, ...named(longSystem), chaos, ...besideChaos];
    const rank = ({ moduleId }: TestSpecification) => {
      const index = names.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index === -1 ? names.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * See `tests/support/built-releases.ts`, `compiled-code.ts`, `migrated-database.ts` and `bundled-command.ts`. Test processes inherit it. A folder that
 * PANDECT_TEST_RELEASES names already keeps what was built for the next run of the same checkout.
 */
const kept = mkdtempSync(join(tmpdir(), 'pandect-kept-'));
for (const name of ['RELEASES', 'COMPILED', 'DATABASE', 'COMMAND']) {
  process.env[`PANDECT_TEST_${name}`] ??= mkdtempSync(join(kept, `${name.toLowerCase()}-`));
}
/** The bundler, written in Go, collects its garbage less often: a sixth of what builds take. */
process.env.GOGC ??= '400';
process.on('exit', () => rmSync(kept, { recursive: true, force: true }));

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{platform,modules,functions,workers,db,client,web,scripts,eval}/**/*.test.ts'],
          globalSetup: './modules/testing/global-setup.ts',
          // Most wait for a database, a process or a clock.
          maxWorkers: 4,
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
          maxWorkers: 4,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts'],
          exclude: [...patient, chaos, ...besideChaos, peers],
          globalSetup: './tests/support/shared-platform.ts',
          // Each starts whole platforms or a browser: no more than three side by side, when the others are done.
          maxWorkers: 3,
          isolate: false,
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
          name: 'chaos',
          include: [chaos, ...besideChaos],
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
