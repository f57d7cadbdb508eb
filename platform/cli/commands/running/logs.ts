import { watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { didYouMean } from '../../../kernel/nearest.ts';
import { readableLine } from '../../../kernel/telemetry/log-line.ts';
import { contentSize, listParts, logNames } from '../../../supervisor/logs/log-parts.ts';
import { type LogView, lastLines, linesOf, type Period, viewLog } from '../../../supervisor/logs/read-log.ts';
import { createSourcePlaces } from '../../../supervisor/release/source-places.ts';
import { currentHome } from '../../control-client.ts';
import { moment } from '../../moment.ts';
import { examples } from '../../output.ts';

const TAIL_BYTES = 16_384;

interface Flags extends Period {
  follow?: boolean;
  json?: boolean;
}

export const logs = (program: Command) =>
  program
    .command('logs <name>')
    .description('Print the last log lines of a function, a worker, a service or the supervisor')
    .option('--since <time>', 'all lines from then on, also rotated ones: 30m, 2h, 1d or a time', (text) =>
      moment(text),
    )
    .option('--until <time>', 'no lines after that', (text) => moment(text))
    .addOption(new Option('-f, --follow', 'go on as lines come').conflicts('until'))
    .option('--json', 'print lines as they are; they are JSON')
    .addHelpText(
      'after',
      examples(
        'pandect logs ask -f',
        'pandect logs postgres --since 2h',
        "pandect logs supervisor --since '2026-01-31 09:00' --until '2026-01-31 09:30'",
      ),
    )
    .action(async (name: string, { follow, json, since, until }: Flags) => {
      const home = await currentHome();
      if (!/^[\w-]+$/.test(name)) throw new Error(`Read logs of "${name}": not a name`);
      const known = await logNames(home.logs);
      if (!known.includes(name)) throw new Error(`Read logs of "${name}": there are none${didYouMean(name, known)}`);
      const path = join(home.logs, `${name}.log`);
      const inSources = createSourcePlaces(home.releases);
      const show = async (line: string) => console.log(json ? line : readableLine(await inSources(line)));
      const view = await viewLog(path);
      if (since || until) for await (const line of linesOf(view, { since, until })) await show(line);
      else for (const line of await lastLines(view, TAIL_BYTES)) await show(line);
      if (follow) for await (const line of newLines(path, view)) await show(line);
    });

/** A line may come without the file telling of it. */
const LOOK_MS = 1_000;

/** Lines as they come, behind those of the view; ends never. */
async function* newLines(path: string, { parts, current }: LogView): AsyncGenerator<string> {
  const file = await open(path, 'r');
  const known = new Set(parts.map((part) => part.path));
  let at = current.lastIndexOf('\n') + 1;
  let wake = () => {};
  const watcher = watch(path, () => wake());
  try {
    for (;;) {
      const { size } = await file.stat();
      if (size < at) {
        // What was rotated was taken from the front.
        const fresh = (await listParts(path)).filter((part) => !known.has(part.path));
        for (const part of fresh) {
          known.add(part.path);
          at -= await contentSize(part);
        }
        at = Math.max(0, Math.min(at, size));
      }
      const { buffer } = await file.read(Buffer.alloc(size - at), 0, size - at, at);
      const whole = buffer.lastIndexOf('\n') + 1;
      if (whole > 0) yield* buffer.toString('utf8', 0, whole - 1).split('\n');
      at += whole;
      if (whole > 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    watcher.close();
    await file.close();
  }
}
