import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Status, TopRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print } from '../../output.ts';
import { seconds } from '../../quantities.ts';
import { liveView } from '../../top/live-view.ts';
import { type Rate, rates } from '../../top/rates.ts';
import { frame, renderRates } from '../../top/render.ts';

interface Flags {
  once?: boolean;
  json?: boolean;
}

const EVERY_MS = 1_000;

export const top = (program: Command) =>
  program
    .command('top')
    .description('Watch processes, requests a second, times, errors, memory and queues; q ends')
    .option('--once', 'print one sample over a second; so it is where the output is no terminal')
    .option('--json', 'print one sample as JSON')
    .addHelpText('after', examples('pandect top', 'pandect top --once'))
    .action(async ({ once, json }: Flags) => {
      const { url, startedAt } = await ask<Status>('GET', '/status');
      const next = await sampler();
      if (once || json || !process.stdout.isTTY || !process.stdin.isTTY) {
        const rows = await next();
        print(json, rows, renderRates(rows));
        return;
      }
      await liveView(process.stdin, process.stdout, async (size, signal) => {
        const rows = await next(signal);
        const up = seconds((Date.now() - Date.parse(startedAt)) / 1_000);
        return frame(`Pandect at ${url}, up ${up}; q ends`, renderRates(rows), size.rows);
      });
    });

/** Each call waits a moment and tells what happened since the call before. */
async function sampler(): Promise<(signal?: AbortSignal) => Promise<Rate[]>> {
  const take = async () => ({ at: performance.now(), rows: await ask<TopRow[]>('GET', '/top') });
  let before = await take();
  return async (signal) => {
    await sleep(EVERY_MS, undefined, { ...(signal && { signal }) });
    const after = await take();
    const result = rates(before.rows, after.rows, (after.at - before.at) / 1_000);
    before = after;
    return result;
  };
}
