import type { Command } from 'commander';
import { showChange } from '../control-client.ts';

export const deploy = (program: Command) =>
  program
    .command('deploy <names...>')
    .description('Build functions or workers from the checkout and switch to them without losing a request')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  pandect deploy ask search')
    .action((units: string[], { json }) => showChange('/deploy', { units }, json));
