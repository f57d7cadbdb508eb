import { open, readdir, watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readableLine } from '../../../kernel/log-line.ts';
import { didYouMean } from '../../../kernel/nearest.ts';
import { createSourcePlaces } from '../../../supervisor/release/source-places.ts';
import { currentHome } from '../../control-client.ts';
import { examples } from '../../output.ts';

const TAIL_BYTES = 16_384;

export const logs = (program: Command) =>
  program
    .command('logs <name>')
    .description('Print the last log lines of a function, a worker or a service')
    .option('-f, --follow', 'go on as lines come')
    .option('--json', 'print lines as they are; they are JSON')
    .addHelpText('after', examples('pandect logs ask -f', 'pandect logs postgres'))
    .action(async (name: string, { follow, json }) => {
      const home = await currentHome();
      if (!/^[\w-]+$/.test(name)) throw new Error(`Read logs of "${name}": not a name`);
      const path = join(home.logs, `${name}.log`);
      const file = await open(path, 'r').catch(async () => {
        const known = (await readdir(home.logs)).flatMap((file) => (file.endsWith('.log') ? [file.slice(0, -4)] : []));
        throw new Error(`Read logs of "${name}": there are none${didYouMean(name, known)}`);
      });
      let at = Math.max(0, (await file.stat()).size - TAIL_BYTES);
      const inSources = createSourcePlaces(home.releases);
      let rest = '';
      let cut = at > 0;
      const printNew = async () => {
        const { size } = await file.stat();
        // A file that grew large was put aside and starts over.
        if (size < at) at = 0;
        if (size === at) return;
        const { buffer } = await file.read(Buffer.alloc(size - at), 0, size - at, at);
        at = size;
        const lines = (rest + buffer.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.slice(cut ? 1 : 0)) console.log(json ? line : readableLine(await inSources(line)));
        cut = false;
      };
      await printNew();
      if (follow) for await (const _ of watch(path)) await printNew();
      await file.close();
    });
