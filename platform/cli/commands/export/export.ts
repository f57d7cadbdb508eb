import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { exportCompose } from './compose.ts';
import { exportGrafana } from './grafana.ts';
import { exportKubernetes } from './kubernetes.ts';
import { exportPrometheus } from './prometheus.ts';

/** A subcommand for each engine that the platform can be written for. */
const exportCommand = (program: Command, loadComposition: LoadComposition) => {
  const command = program.command('export').description('Write the platform for another engine, from the manifests');
  exportKubernetes(command, loadComposition);
  exportCompose(command, loadComposition);
  exportPrometheus(command);
  exportGrafana(command);
};

export { exportCommand as export };
