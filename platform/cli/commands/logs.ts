import { open, watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { currentHome } from '../control-client.ts';

const TAIL_BYTES = 16_384;

export const logs = (program: Command) =>
  program
    .command('logs <name>')
    .description('Print the last log lines of a function, a worker or a service')
    .option('-f, --follow', 'go on as lines come')
    .option('--json', 'print lines as they are; they are JSON')
    .action(async (name: string, { follow, json }) => {
      const home = await currentHome();
      if (!/^[\w-]+$/.test(name)) throw new Error(`Read logs of "${name}": not a name`);
      const path = join(home.logs, `${name}.log`);
      const file = await open(path, 'r').catch(() => {
        throw new Error(`Read logs of "${name}": there are none`);
      });
      let at = Math.max(0, (await file.stat()).size - TAIL_BYTES);
      let rest = '';
      let cut = at > 0;
      const printNew = async () => {
        const { size } = await file.stat();
        if (size <= at) return;
        const { buffer } = await file.read(Buffer.alloc(size - at), 0, size - at, at);
        at = size;
        const lines = (rest + buffer.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.slice(cut ? 1 : 0)) console.log(json ? line : readable(line));
        cut = false;
      };
      await printNew();
      if (follow) for await (const _ of watch(path)) await printNew();
      await file.close();
    });

/** `12:03:04 info Request method=GET …` instead of JSON; other lines as they are. */
function readable(line: string): string {
  try {
    const { level, time, message, process: _, instance: __, ...fields } = JSON.parse(line);
    const shown = Object.entries(fields).map(
      ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
    );
    return [String(time).slice(11, 23), level, message, ...shown].join(' ');
  } catch {
    return line;
  }
}
