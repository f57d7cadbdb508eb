import type { Command } from 'commander';
import { showChange } from '../control-client.ts';

export const restart = (program: Command) =>
  program
    .command('restart [names...]')
    .description('Replace the processes of these functions or workers, or of all, without losing a request')
    .option('--json', 'print JSON')
    .action((units: string[], { json }) => showChange('/restart', { units }, json));
