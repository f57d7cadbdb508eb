import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { download } from '../../control-client.ts';
import { moment } from '../../moment.ts';
import { examples } from '../../output.ts';

const formats = ['jsonl', 'csv'] as const;

interface Flags {
  out: string;
  organization?: string;
  since?: Date;
  until?: Date;
  format?: (typeof formats)[number];
}

export function audit(program: Command): void {
  program
    .command('audit')
    .description('Look after the audit log')
    .command('export')
    .description('Write the audit log to a file, of all organizations or one, each oldest first')
    .requiredOption('--out <file>', 'a file that does not exist yet; - for the standard output')
    .option('--organization <id>', 'of this one only, whose log then says so', uuid)
    .option('--since <time>', 'from then on: 30d, 2w or a time', (text) => moment(text))
    .option('--until <time>', 'before that', (text) => moment(text))
    .addOption(new Option('--format <format>', 'by default that of the file’s name, else jsonl').choices(formats))
    .addHelpText(
      'after',
      examples(
        'pandect audit export --since 30d --out audit.jsonl',
        'pandect audit export --organization 0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11 --out audit.csv',
      ),
    )
    .action(exportAudit);
}

async function exportAudit({ out, organization, since, until, format }: Flags): Promise<void> {
  const wanted = format ?? (out.endsWith('.csv') ? 'csv' : 'jsonl');
  const body = { organization, from: since?.toISOString(), to: until?.toISOString(), format: wanted };
  const lines = countedLines(download('/operator/audit/export', body));
  if (out === '-') return void (await pipeline(lines.pieces, process.stdout, { end: false }));
  if (existsSync(out)) throw new Error(`Export audit log to "${out}": it exists already`);
  // What is there under the name is whole.
  const draft = `${out}.part`;
  try {
    await pipeline(lines.pieces, createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
    await rename(draft, out);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true });
    throw error;
  }
  console.log(`Wrote ${lines.count() - (wanted === 'csv' ? 1 : 0)} entries to ${out}`);
}

function countedLines(source: AsyncIterable<Buffer>) {
  let lines = 0;
  return {
    count: () => lines,
    pieces: (async function* () {
      for await (const piece of source) {
        for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, at + 1)) lines++;
        yield piece;
      }
    })(),
  };
}

function uuid(typed: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(typed)) throw new InvalidArgumentError('Must be an id.');
  return typed.toLowerCase();
}
