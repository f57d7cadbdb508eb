import { realpath, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { homePath } from '../../../kernel/paths/home-path.ts';
import { currentHome } from '../../control-client.ts';
import { endPlatform } from '../../end-platform.ts';
import { unloadConnectionBound } from '../../install/connection-bound.ts';
import { removeInstallation } from '../../install/installation.ts';
import { assertInstallable } from '../../install/preconditions.ts';
import { systemctl } from '../../install/systemctl.ts';
import { places } from '../../install/systemd-unit.ts';
import { examples, print } from '../../output.ts';

interface Flags {
  purge?: boolean;
  prefix?: string;
  json?: boolean;
}

export const uninstall = (program: Command) =>
  program
    .command('uninstall')
    .description('End the platform and take away what install wrote; documents and all other data stay')
    .option('--purge', 'also delete all data and the settings in /etc/pandect, for ever')
    .option('--prefix <folder>', 'remove below this folder and end nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('sudo pandect uninstall'))
    .action(async ({ purge = false, prefix, json }: Flags) => {
      const removed: string[] = [];
      if (prefix === undefined) {
        await assertInstallable('Uninstall');
        await endService();
      }
      removed.push(...(await removeInstallation(prefix && resolve(prefix), purge)));
      if (prefix === undefined) {
        await unloadConnectionBound();
        await systemctl('daemon-reload');
        if (purge) removed.push(await purgeHome());
      }
      const lines = removed.length > 0 ? removed.map((path) => `Removed ${path}`) : ['Nothing was installed'];
      print(json, { removed }, lines.join('\n'));
    });

/** The service first, which would start again what is ended; then what it leaves running. */
async function endService(): Promise<void> {
  const isInstalled = await realpath(places().unit).catch(() => undefined);
  if (isInstalled) await systemctl('disable', '--now', 'pandect.service');
  await endPlatform((line) => console.error(line));
}

/** The home may stand elsewhere, and the path of the settings be a link to it. */
async function purgeHome(): Promise<string> {
  const { root, run } = await currentHome();
  const wanted = resolve(homePath());
  for (const path of [run, root, wanted]) await rm(path, { recursive: true, force: true });
  return root;
}
