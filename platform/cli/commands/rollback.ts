import type { Command } from 'commander';
import { showChange } from '../control-client.ts';

export const rollback = (program: Command) =>
  program
    .command('rollback <name> [release]')
    .description('Switch back to the release before, or to one of `pandect releases`; nothing is built')
    .option('--json', 'print JSON')
    .action((unit: string, release: string | undefined, { json }) => showChange('/rollback', { unit, release }, json));
