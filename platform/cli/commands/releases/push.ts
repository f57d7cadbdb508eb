import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { SOURCE_ENTRIES } from '../../../supervisor/source/push-request.ts';
import { gitRevision } from '../../../supervisor/source/source-revision.ts';
import { type ChangeFlags, changeOptions, wholeNumber, withChangeOptions } from '../../change-options.ts';
import { checkout } from '../../checkout.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

interface Flags extends ChangeFlags {
  canary?: number;
  through?: string;
  toStdout?: boolean;
  fromStdin?: boolean;
  undo?: boolean;
  undoAll?: boolean;
}

export const push = (program: Command) =>
  withChangeOptions(
    program
      .command('push [names...]')
      .description(
        'Send the source of this checkout to a platform, which builds and deploys functions and workers from it',
      )
      .option('--canary <percent>', 'send only this share of callers to it, until promote or abort', wholeNumber(1, 99))
      .option('--through <command>', 'reach the platform by this command, which runs pandect there')
      .option('--to-stdout', 'write what would be sent')
      .option('--from-stdin', 'take in what another pandect has written')
      .option('--undo', 'return to the source before the last push, and deploy from it what that push had deployed')
      .option('--undo-all', "return to the platform's own source, and deploy everything from it"),
  )
    .addHelpText(
      'after',
      examples(
        'pandect push ask search',
        "pandect push ask --through 'ssh host docker exec -i pandect node pandect.ts'",
        'pandect push ask --to-stdout | ssh host docker exec -i pandect node pandect.ts push --from-stdin',
        'pandect push --undo',
      ),
    )
    .action(async (units: string[], flags: Flags) => {
      assertOneWay(flags, units);
      const { json, canary, through } = flags;
      const options = changeOptions(flags);
      if (flags.undo || flags.undoAll) {
        await showChange('/push/undo', { ...options, ...(flags.undoAll && { all: true }) }, { json });
      } else if (flags.fromStdin) await showChange('/push', process.stdin, { json });
      else {
        const { collectFiles } = await import('../../push/collect-files.ts');
        const { pack } = await import('../../../supervisor/source/pack.ts');
        const files = await collectFiles(checkout);
        const revision = await gitRevision(checkout, { counted: SOURCE_ENTRIES });
        const request = {
          format: 1,
          units,
          ...(revision && { revision }),
          ...(canary && { canary }),
          ...options,
        } as const;
        const archive = pack(request, files);
        if (flags.toStdout) return pipeline(archive, process.stdout);
        const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0);
        console.error(`Sending ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB before compression`);
        if (through === undefined) await showChange('/push', archive, { json });
        else {
          const { sendThrough } = await import('../../push/send-through.ts');
          process.exitCode = await sendThrough(through, archive, json ? ['--json'] : []);
        }
      }
    });

/** @throws when options contradict each other */
function assertOneWay({ through, toStdout, fromStdin, undo, undoAll }: Flags, units: readonly string[]): void {
  const ways = [through !== undefined, toStdout, fromStdin, undo, undoAll].filter(Boolean).length;
  if (ways > 1) throw new Error('Push: only one of --through, --to-stdout, --from-stdin, --undo and --undo-all');
  if ((fromStdin || undo || undoAll) && units.length > 0) {
    const what = fromStdin ? 'what arrives' : undo ? 'the last push' : 'the platform itself';
    throw new Error(`Push: ${what} says which functions and workers: name none`);
  }
  if (toStdout && process.stdout.isTTY) throw new Error('Push: --to-stdout writes an archive: give it to a pipe');
  if (fromStdin && process.stdin.isTTY) throw new Error('Push: --from-stdin reads an archive: give it one by a pipe');
}
