import { Argument, type Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { examples } from '../../output.ts';

export const serve = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('serve')
    .description(
      'Run one process of a function or worker, reached at PORT and CONTROL_PORT, without a platform around it',
    )
    .addArgument(new Argument('<kind>', 'what it is').choices(['function', 'worker']))
    .argument('<name>', 'its name')
    .option('--built <folder>', 'where `pandect build` has built it; by default in the checkout')
    .addHelpText(
      'after',
      examples(
        'PORT=8080 DATABASE_URL=postgres://… pandect serve function ask',
        'CONTROL_PORT=8081 pandect serve worker ingest',
      ),
    )
    .action(async (kind: string, name: string, { built }: { built?: string }) => {
      const { serveAlone } = await import('../../serve-alone.ts');
      await serveAlone(kind, name, { ...(built && { built }), variables: (await loadComposition()).variables });
    });
