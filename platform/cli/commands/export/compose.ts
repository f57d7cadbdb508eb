import { type Command, Option } from 'commander';
import { profileNames } from '../../../export/compose/compose-profile.ts';
import { checkout } from '../../checkout.ts';
import { examples, print } from '../../output.ts';

interface Flags {
  profile: (typeof profileNames)[number];
  out?: string;
  secrets?: string;
  json?: boolean;
}

export const exportCompose = (parent: Command) =>
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
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect export compose --profile 3g --out compose.yml', 'pandect export compose --secrets secrets'),
    )
    .action(async ({ profile: name, out, secrets, json }: Flags) => {
      if (secrets !== undefined) {
        const { makeComposeSecrets } = await import('../../../export/compose/compose-secrets.ts');
        const made = await makeComposeSecrets(secrets);
        const text =
          made.length > 0 ? `Made in "${secrets}": ${made.join(', ')}` : `All secrets are in "${secrets}" already`;
        return print(json, { folder: secrets, made }, text);
      }
      const [{ composeProfile }, { renderCompose }, { readUnits }, { writeFile }, { basename }] = await Promise.all([
        import('../../../export/compose/compose-profile.ts'),
        import('../../../export/compose/render-compose.ts'),
        import('../../../supervisor/unit.ts'),
        import('node:fs/promises'),
        import('node:path'),
      ]);
      const profile = composeProfile(await readUnits(checkout), name);
      const text = await renderCompose(profile, basename(out ?? 'docker-compose.prod.yml'));
      if (out !== undefined) await writeFile(out, text);
      const { services, settings, needs, limitMiB } = profile;
      if (json) print(json, { profile: name, file: out ?? null, services, settings, needs, limitMiB }, '');
      else if (out === undefined) process.stdout.write(text);
      else {
        const reduced = Object.entries(settings).map(([key, value]) => `, ${key}=${value}`);
        console.log(`${out}: the platform may take ${needs.total} of ${limitMiB} MiB${reduced.join('')}`);
      }
    });
