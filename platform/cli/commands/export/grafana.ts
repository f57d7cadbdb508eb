import type { Command } from 'commander';
import { examples, print } from '../../output.ts';

export const exportGrafana = (parent: Command) =>
  parent
    .command('grafana')
    .description('Write the dashboards and their provisioning for Grafana')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect export grafana --out grafana'))
    .action(async ({ out, json }: { out: string; json?: boolean }) => {
      const [{ grafanaFiles }, { writeFiles }] = await Promise.all([
        import('../../../export/monitoring-files.ts'),
        import('../../../export/write-files.ts'),
      ]);
      const files = await writeFiles(out, await grafanaFiles());
      print(json, { folder: out, files }, `${files} files in ${out}; docs/monitoring.md says how to use them`);
    });
