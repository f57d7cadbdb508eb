import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { createCollector } from '../../../runtime/idle-memory.ts';
import { examples } from '../../output.ts';

export const up = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('up')
    .description('Start the platform and keep it running until Ctrl-C')
    .option('--keep', 'at SIGTERM end only the supervisor; the next one takes over what happens running')
    .addHelpText('after', examples('pandect up', 'PANDECT_PORT=9000 PANDECT_HOME=/srv/pandect pandect up --keep'))
    .action(async ({ keep = false }: { keep?: boolean }) => {
      // Everything else only talks to a running platform and should not wait for the builder to load.
      const { runPlatform } = await import('../../run-platform.ts');
      const composition = await loadComposition();
      // It waits most of the time; without this its heap keeps what loading left behind, three times what is in use. While it
      // loads, a third of its processor time would go into collecting.
      setFlagsFromString('--optimize-for-size');
      createCollector()();
      await runPlatform({ composition, keep });
    });
