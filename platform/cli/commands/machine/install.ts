import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readEnvironment } from '../../../kernel/environment.ts';
import { homePath } from '../../../kernel/paths/home-path.ts';
import { checkout } from '../../checkout.ts';
import { boundSettings, loadConnectionBound } from '../../install/connection-bound.ts';
import { installedFiles, writableFolders, writeInstallation } from '../../install/installation.ts';
import { assertInstallable } from '../../install/preconditions.ts';
import { systemctl } from '../../install/systemctl.ts';
import { places } from '../../install/systemd-unit.ts';
import { examples, print } from '../../output.ts';

interface Flags {
  print?: boolean;
  prefix?: string;
  json?: boolean;
}

export const install = (program: Command) =>
  program
    .command('install')
    .description('Make the platform a systemd service that starts with the machine, and `pandect` a command')
    .option('--print', 'only show what would be written')
    .option('--prefix <folder>', 'write below this folder and start nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('sudo ./scripts/pandect install', './scripts/pandect install --print'))
    .action(async ({ print: only, prefix, json }: Flags) => {
      const home = resolve(homePath());
      const installation = {
        ...{ project: checkout, home, prefix: prefix && resolve(prefix) },
        settings: readEnvironment(boundSettings),
        writable: writableFolders(process.env),
      };
      if (only) {
        const files = installedFiles(installation);
        print(json, files, Object.values(files).map(shown).join('\n\n'));
        return;
      }
      if (prefix === undefined) await assertInstallable('Install');
      const written = await writeInstallation(installation);
      let unbounded: string | undefined;
      if (prefix === undefined) {
        unbounded = await loadConnectionBound(places().connections);
        await systemctl('daemon-reload');
        await systemctl('enable', 'pandect.service');
        // It counts as started when it serves, which the first time takes as long as all builds.
        await systemctl('start', '--no-block', 'pandect.service');
      }
      const lines = written.length > 0 ? written.map((path) => `Wrote ${path}`) : ['Everything was installed already'];
      if (prefix === undefined)
        lines.push('Starts as pandect.service; systemctl status pandect and pandect logs supervisor show how');
      if (unbounded) lines.push(`Connections per client are not bounded: ${unbounded}; pandect doctor says what to do`);
      print(json, { written, unbounded }, lines.join('\n'));
    });

function shown(file: ReturnType<typeof installedFiles>[keyof ReturnType<typeof installedFiles>]): string {
  if ('target' in file) return `# ${file.path} -> ${file.target}`;
  return `# ${file.path} (mode ${file.mode.toString(8)})\n${file.content.trimEnd()}`;
}
