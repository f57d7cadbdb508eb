import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { version } from '../../../kernel/version.ts';
import { makePlan } from '../../../planner/make-plan.ts';
import { readUnits } from '../../../supervisor/unit.ts';
import { checkout } from '../../checkout.ts';
import { examples, print } from '../../output.ts';
import { collectInput, type Sources } from '../../plan/collect-input.ts';
import { renderHtml } from '../../plan/html/render-html.ts';
import { measure } from '../../plan/measure.ts';
import { addFigures } from '../../plan/options.ts';
import { renderPlan } from '../../plan/render-plan.ts';

interface Flags extends Sources {
  html?: string;
  json?: boolean;
  measured?: boolean;
}

export const plan = (program: Command) =>
  addFigures(
    program
      .command('plan')
      .description('Work out which host a load needs, what runs out first, how long people wait and what it costs')
      .option('--measured', 'take the load of the last seven days from the running platform, and this host')
      .option('--from <file>', 'figures of a JSON file, see docs/production/planning.md; options go before it')
      .option('--prices <file>', 'prices of machines, tokens, images and storage, as JSON')
      .option('--host <cores/memory/disk>', 'the host, in GB, such as 4/16/100')
      .option('--html <file>', 'write the report as a page as well, which needs nothing else and has no scripts')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      examples(
        'pandect plan --users 200 --questions-per-hour 1000 --documents 20000 --host 4/16/100',
        'pandect plan --images-per-hour 300 --image-slots 12 --at-once 100',
        'pandect plan --measured --growth 0.2',
        'pandect plan --from plan.json --prices prices.json --html plan.html',
      ),
    )
    .action(async ({ html, json, measured, ...sources }: Flags) => {
      const found = measured ? await measure() : undefined;
      const made = makePlan(await collectInput(sources, found?.input), await readUnits(checkout));
      if (html !== undefined) {
        await writePage(html, renderHtml(made, { at: new Date(), version, summary: found?.summary }));
      }
      print(json, made, [...(found ? [found.summary] : []), renderPlan(made)].join('\n\n'));
    });

async function writePage(file: string, page: string): Promise<void> {
  await writeFile(file, page).catch((cause: Error) => {
    throw new Error(`Write plan: --html "${file}": ${cause.message}`, { cause });
  });
  console.error(`The page is in "${file}"`);
}
