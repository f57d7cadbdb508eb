import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import type { ShownBreaker } from '../../gateway-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

export function breakers(parent: Command): void {
  const command = parent
    .command('breakers')
    .description('Circuit breakers of targets that failed lately, or were opened by hand')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway breakers', 'pandect gateway breakers open gpt'))
    .action(async ({ json }) => {
      const rows = await ask<ShownBreaker[]>('GET', '/operator/gateway/breakers');
      const lines = rows.map(({ target, state, failures, until }) => [
        target,
        tinted(state),
        failures,
        dateTime(until),
      ]);
      const none = 'Every breaker is closed';
      print(json, rows, rows.length > 0 ? table(['TARGET', 'STATE', 'FAILURES', 'OPEN UNTIL'], lines) : none);
    });
  for (const [name, state, description] of [
    ['open', 'open', 'Have a target not called until its breaker is closed again'],
    ['close', 'closed', 'Have a target called again at once, whatever it did before'],
  ] as const) {
    command
      .command(`${name} <target>`)
      .description(description)
      .option('--json', 'print JSON')
      .addHelpText('after', examples(`pandect gateway breakers ${name} gpt`))
      .action(async (target: string, { json }) => {
        const set = await ask<{ target: string }>('POST', '/operator/gateway/breakers/set', { target, state });
        print(json, set, `The breaker of "${set.target}" is ${state}`);
      });
  }
}
