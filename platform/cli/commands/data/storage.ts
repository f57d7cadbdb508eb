import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createLocalStorage } from '../../../capabilities/storage/index.ts';
import { moveFiles } from '../../../capabilities/storage/move-files.ts';
import { openS3, type StorageSettings } from '../../../capabilities/storage/open-storage.ts';
import { type StorageTrial, tryStorage } from '../../../capabilities/storage/try-storage.ts';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { checkSettings } from '../../../supervisor/check-settings.ts';
import { askIfRunning, currentHome } from '../../control-client.ts';
import { createLiveLine } from '../../live-line.ts';
import type { StoragePlace } from '../../operator-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { bytes } from '../../quantities.ts';

export function storage(program: Command, loadComposition: LoadComposition): void {
  const command = program
    .command('storage')
    .description('Try the storage of files, and move files from the local folder to S3');

  command
    .command('check')
    .description('Try all that the platform does with stored files, with a file of its own; status 1 when a step fails')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect storage check', 'pandect storage check --json'))
    .action(async ({ json }) => {
      const settings = await readSettings(loadComposition);
      const trials: StorageTrial[] = await Array.fromAsync(tryStorage(settings));
      const lines = trials.map(({ step, state, detail }) => [step, tinted(state), detail]);
      const result = { ...placeOf(settings), trials };
      print(json, result, `${describePlace(placeOf(settings))}\n${table(['STEP', 'STATE', 'DETAIL'], lines)}`);
      if (trials.some(({ state }) => state === 'fail')) process.exitCode = 1;
    });

  command
    .command('move')
    .description('Move the files of the local folder to S3 while the platform serves; given again, it continues')
    .requiredOption('--to <storage>', 'where they go: s3')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Set STORAGE=s3 and the bucket's settings first, and give pandect restart: from then on processes find files in both places.
Each file is read back, and leaves the folder when its SHA-256 is the same.
${examples('pandect storage move --to s3')}`,
    )
    .action(async ({ to, json }: { to: string; json?: boolean }) => {
      if (to !== 's3') throw new Error(`Move files to "${to}": they can be moved to s3`);
      const settings = await readSettings(loadComposition);
      await requireSame(placeOf(settings));
      await move(settings, json);
    });
}

async function readSettings(loadComposition: LoadComposition): Promise<StorageSettings> {
  const settings = checkSettings(await loadComposition(), process.env);
  return { ...settings, UPLOAD_DIR: resolve(process.env.UPLOAD_DIR || (await currentHome()).files) };
}

const placeOf = ({ STORAGE, S3_ENDPOINT, S3_BUCKET }: StorageSettings): StoragePlace => ({
  storage: STORAGE,
  endpoint: (STORAGE === 's3' && S3_ENDPOINT) || null,
  bucket: (STORAGE === 's3' && S3_BUCKET) || null,
});

const describePlace = ({ storage, endpoint, bucket }: StoragePlace) =>
  storage === 'local' ? 'Files are stored in UPLOAD_DIR' : `Files are stored in the bucket "${bucket}" at ${endpoint}`;

/** Files that a running platform would not find must stay where they are. */
async function requireSame(place: StoragePlace): Promise<void> {
  if (place.storage !== 's3') throw new Error('Move files to s3: set STORAGE=s3 and the bucket’s settings first');
  const running = await askIfRunning<StoragePlace>('/operator/storage');
  if (!running || (running.endpoint === place.endpoint && running.bucket === place.bucket)) return;
  throw new Error(
    `Move files to s3: the running platform has other settings (${describePlace(running)}); give pandect restart first`,
  );
}

async function move(settings: StorageSettings, json: boolean | undefined): Promise<void> {
  const from = createLocalStorage({ directory: settings.UPLOAD_DIR });
  const to = await openS3(settings);
  await to.check();
  const line = createLiveLine(process.stderr);
  const sum = { files: 0, bytes: 0 };
  try {
    for await (const file of moveFiles({ from, to })) {
      sum.files += 1;
      sum.bytes += file.bytes;
      line.show(`${sum.files} files moved, ${bytes(sum.bytes)}`);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}; ${sum.files} files were moved, the others are where they were`);
  } finally {
    line.end();
  }
  print(
    json,
    sum,
    sum.files === 0 ? 'No files are left in the local folder' : `${sum.files} files moved, ${bytes(sum.bytes)}`,
  );
}
