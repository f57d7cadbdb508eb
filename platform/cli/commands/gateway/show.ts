import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { ShownConfiguration } from '../../gateway-answers.ts';
import { examples, print } from '../../output.ts';
import { MOST_VERSIONS } from './versions.ts';

export const show = (command: Command) =>
  command
    .command('show')
    .argument('[version]', 'an earlier one', wholeNumber(1, MOST_VERSIONS))
    .description('Print the configuration in effect as YAML, which pandect gateway apply takes')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway show > gateway.yaml', 'pandect gateway show 3'))
    .action(async (version: number | undefined, { json }) => {
      const shown = await ask<ShownConfiguration>('POST', '/operator/gateway/show', { version });
      const { stringify } = await import('yaml');
      const from = shown.version === 0 ? 'From the environment: no version was applied' : `Version ${shown.version}`;
      print(json, shown, `# ${from}\n${stringify(shown.document, { lineWidth: 120 }).trimEnd()}`);
    });
