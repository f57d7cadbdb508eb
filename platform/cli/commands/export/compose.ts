import { type Command, Option } from 'commander';
import { profileNames } from '../../../export/compose/compose-profile.ts';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { checkout } from '../../checkout.ts';
import { examples, print } from '../../output.ts';

interface Flags {
  profile: (typeof profileNames)[number];
  out?: string;
  secrets?: string;
  envFile?: string;
  digests?: string;
  json?: boolean;
}

/** Secrets whose files the Compose file names itself, of the platform and of the servers next to it. */
const GIVEN = ['DATABASE_URL', 'REDIS_URL', 'METRICS_TOKEN', 'QDRANT_API_KEY'];
const OF_SERVERS = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD'];

export const exportCompose = (parent: Command, loadComposition: LoadComposition) =>
  parent
    .command('compose')
    .description('Write the file for one host with containers, with limits that follow from the manifests')
    .addOption(
      new Option('--profile <size>', 'memory of the host')
        .choices([...profileNames])
        .default('16g' satisfies Flags['profile']),
    )
    .option('--out <file>', 'where to write it instead of to the standard output')
    .option('--secrets <folder>', 'make the files of secrets that it names and that are missing, and nothing else')
    .option('--env-file <file>', 'with --secrets: move secrets out of this file of settings, into files of that folder')
    .option('--digests <file>', 'add digests to images, from lines such as postgres:17.11@sha256:…')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect export compose --profile 3g --out compose.yml',
        'pandect export compose --secrets secrets --env-file .env',
        'pandect export compose --digests digests --out compose.yml',
      ),
    )
    .action(async ({ profile: name, out, secrets, envFile, digests, json }: Flags) => {
      if (envFile !== undefined && secrets === undefined) {
        throw new Error('Export compose: --env-file needs --secrets, the folder that secrets are moved to');
      }
      if (secrets !== undefined) {
        const moved = envFile === undefined ? [] : await move(envFile, secrets, name, loadComposition);
        const { makeComposeSecrets } = await import('../../../export/compose/compose-secrets.ts');
        const made = await makeComposeSecrets(secrets);
        const text = [
          ...(moved.length > 0 ? [`Moved from "${envFile}": ${moved.join(', ')}`] : []),
          made.length > 0 ? `Made in "${secrets}": ${made.join(', ')}` : `All secrets are in "${secrets}" already`,
        ];
        return print(json, { folder: secrets, moved, made }, text.join('\n'));
      }
      const [
        { composeProfile },
        { renderCompose },
        { pinImages },
        { readUnits },
        { readFile, writeFile },
        { basename },
      ] = await Promise.all([
        import('../../../export/compose/compose-profile.ts'),
        import('../../../export/compose/render-compose.ts'),
        import('../../../export/compose/pin-images.ts'),
        import('../../../supervisor/unit.ts'),
        import('node:fs/promises'),
        import('node:path'),
      ]);
      const profile = composeProfile(await readUnits(checkout), name);
      const rendered = await renderCompose(profile, basename(out ?? 'docker-compose.prod.yml'));
      const { text, unpinned } = pinImages(rendered, digests === undefined ? '' : await readFile(digests, 'utf8'));
      if (out !== undefined) await writeFile(out, text);
      const { services, settings, needs, limitMiB } = profile;
      if (json) print(json, { profile: name, file: out ?? null, services, settings, needs, limitMiB, unpinned }, '');
      else if (out === undefined) process.stdout.write(text);
      else {
        const reduced = Object.entries(settings).map(([key, value]) => `, ${key}=${value}`);
        console.log(`${out}: the platform may take ${needs.total} of ${limitMiB} MiB${reduced.join('')}`);
        if (digests !== undefined && unpinned.length > 0) console.log(`Without a digest: ${unpinned.join(', ')}`);
      }
    });

async function move(
  envFile: string,
  folder: string,
  profile: Flags['profile'],
  loadComposition: LoadComposition,
): Promise<string[]> {
  const { moveSecrets } = await import('../../../export/compose/move-secrets.ts');
  const { variables } = await loadComposition();
  const given = [...GIVEN, ...OF_SERVERS].filter((name) => profile !== '3g' || name !== 'QDRANT_API_KEY');
  return moveSecrets(envFile, folder, {
    secrets: variables.filter(({ secret }) => secret).map(({ name }) => name),
    given,
  });
}
