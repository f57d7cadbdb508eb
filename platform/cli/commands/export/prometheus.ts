import type { Command } from 'commander';
import { examples, print } from '../../output.ts';

export const exportPrometheus = (parent: Command) =>
  parent
    .command('prometheus')
    .description('Write the rules of all alerts, a configuration that reads this platform, and one for Alertmanager')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect export prometheus --out monitoring'))
    .action(async ({ out, json }: { out: string; json?: boolean }) => {
      const [{ prometheusFiles }, { writeFiles }] = await Promise.all([
        import('../../../export/monitoring-files.ts'),
        import('../../../export/write-files.ts'),
      ]);
      const files = await writeFiles(out, await prometheusFiles());
      print(json, { folder: out, files }, `${files} files in ${out}; docs/monitoring.md says how to use them`);
    });
