import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { didYouMean } from '../../../kernel/nearest.ts';
import type { Status } from '../../../supervisor/control/contract.ts';
import { checkout } from '../../checkout.ts';
import { askIfRunning, currentHome } from '../../control-client.ts';
import { affected } from '../../dev/affected.ts';
import { readBuilt } from '../../dev/read-built.ts';
import { watchFiles } from '../../dev/watch-files.ts';
import { operator } from '../../operator.ts';
import { complain, examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

const watched = ['functions', 'workers', 'modules', 'platform', 'db'];

export const dev = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('dev [names...]')
    .description('Deploy what changes as soon as a file is saved; starts a platform when none runs')
    .addHelpText('after', examples('pandect dev', 'pandect dev ask search'))
    .action(async (names: string[]) => {
      const { releases } = await currentHome();
      if (!(await askIfRunning<Status>('/status'))) {
        const { runPlatform } = await import('../../run-platform.ts');
        await runPlatform({ composition: await loadComposition(), keep: false });
      }
      const known = [...(await readBuilt(releases, [], new Set())).keys()];
      for (const name of names) {
        if (!known.includes(name)) {
          throw new Error(`Watch "${name}": known are ${known.join(', ')}${didYouMean(name, known)}`);
        }
      }
      const failed = new Set<string>();
      console.log(`Watching ${names.length > 0 ? names.join(', ') : 'all functions and workers'}; Ctrl-C ends`);
      for await (const changed of watchFiles(checkout, watched, new AbortController().signal)) {
        const units = affected(await readBuilt(releases, names, failed), changed);
        if (units.length > 0) await redeploy(units, failed);
      }
    });

/** Whatever goes wrong is shown, and the release before serves on. */
async function redeploy(units: readonly string[], failed: Set<string>): Promise<void> {
  for (const unit of units) {
    try {
      const options = { by: operator(), watch: 0, wait: false };
      const { ok } = await showChange('/deploy', { units: [unit], ...options }, {});
      if (ok) failed.delete(unit);
      else failed.add(unit);
    } catch (error) {
      failed.add(unit);
      complain((error as Error).message);
    }
  }
  // Watching continues, and its own end is no failure.
  process.exitCode = 0;
}
