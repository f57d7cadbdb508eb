import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { checkSettings } from '../../../supervisor/check-settings.ts';
import { placesOf } from '../../../supervisor/home/whole-home.ts';
import { liveHosts, withHosts } from '../../../supervisor/hosts/host-rows.ts';
import { exportKeys, joinPlatform } from '../../../supervisor/hosts/shared-keys.ts';
import { currentHome } from '../../control-client.ts';
import { examples, print, table } from '../../output.ts';
import { seconds } from '../../quantities.ts';

export function hosts(program: Command, loadComposition: LoadComposition): void {
  const command = program.command('hosts').description('Serve one platform with several hosts');

  command
    .command('list')
    .description('List the hosts that serve the database')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect hosts list', 'pandect hosts list --json'))
    .action(async ({ json }) => {
      const { DATABASE_URL } = checkSettings(await loadComposition(), process.env);
      if (!DATABASE_URL) throw new Error('List hosts: the database is embedded, and only this host reaches it');
      const rows = (await withHosts(DATABASE_URL, liveHosts)).map(({ keys: _, ...row }) => row);
      const lines = rows.map(({ name, id, version, storage, vectors, startedAt, seenAt }) => [
        ...[name, id, version, storage, vectors],
        ...[startedAt, seenAt].map((at) => seconds((Date.now() - at.getTime()) / 1000)),
      ]);
      print(json, rows, table(['NAME', 'ID', 'VERSION', 'STORAGE', 'VECTORS', 'UP', 'SEEN'], lines));
    });

  command
    .command('export <file>')
    .description('Write the keys and passwords that another host needs to a file; anyone with it can read everything')
    .addHelpText('after', examples('pandect hosts export /run/pandect-keys.json'))
    .action(async (file: string) => {
      const text = await exportKeys(await keyPlaces(loadComposition));
      await writeFile(file, text, { mode: 0o600, flag: 'wx' });
      print(false, undefined, `Written to "${file}": bring it to the other host, join there, and remove it on both`);
    });

  command
    .command('join <file>')
    .description('Make a new home part of the platform whose keys another host has exported; then start it')
    .addHelpText('after', examples('pandect hosts join /run/pandect-keys.json'))
    .action(async (file: string) => {
      await joinPlatform(await keyPlaces(loadComposition), await readFile(file, 'utf8'));
      print(
        false,
        undefined,
        'Joined: remove the file, and start the platform with PANDECT_HOSTS and the same settings',
      );
    });
}

async function keyPlaces(loadComposition: LoadComposition) {
  const composition = await loadComposition();
  checkSettings(composition, process.env);
  const home = await currentHome();
  return { places: placesOf(home, process.env), variables: composition.variables, source: process.env };
}
