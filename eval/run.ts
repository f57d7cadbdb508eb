import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { liftPlans, withPlatform } from '../bench/support/platform.ts';
import { runBaseline } from './baseline.ts';
import { readDataSet } from './data-set.ts';
import { evaluate } from './evaluate.ts';
import { plot } from './plot.ts';
import { type Report, renderReport, reportQuestion } from './report.ts';
import { summarize } from './summary.ts';

const help = `Usage: npm run eval -- [--set DIR] [--no-answers] [--compare FILE] [--out DIR] [--json]

Puts the documents of an evaluation set into a platform of its own through the HTTP API, asks its questions, and prints how
much of what answers them was found, next to a plain BM25 on the same data. A provider and its embedding model are
used when they are configured (OPENAI_API_KEY and the other AI variables), the local one otherwise.

  --set DIR       folder with documents.jsonl, queries.jsonl, unanswerable.jsonl and corpus/;
                  default: PANDECT_EVAL_DIR, or the project's small sample
  --no-answers    search only
  --compare FILE  the JSON of an earlier run, shown next to this one
  --out DIR       where eval.json and eval.svg are written; default: .pandect-eval
  --json          print the report as JSON instead of tables
`;

const { values } = parseArgs({
  options: {
    set: { type: 'string' },
    'no-answers': { type: 'boolean' },
    compare: { type: 'string' },
    out: { type: 'string', default: '.pandect-eval' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const sample = join(import.meta.dirname, 'sample');
const directory = resolve(values.set ?? process.env.PANDECT_EVAL_DIR ?? sample);
if (directory === sample)
  console.error('No PANDECT_EVAL_DIR: the project’s own small sample is used, its figures say little');
const set = await readDataSet(directory);
const earlier =
  values.compare === undefined ? undefined : (JSON.parse(await readFile(values.compare, 'utf8')) as Report);

const found = await withPlatform(
  async (platform) => {
    await liftPlans(platform.owner);
    return evaluate(platform, set, { answers: !values['no-answers'], onProgress: showProgress() });
  },
  { env: providerSettings() },
);
const { outcomes, ...figures } = found;
const report: Report = {
  at: new Date().toISOString(),
  revision: revision(),
  set: basename(directory),
  documents: set.documents.length,
  ...figures,
  summary: summarize(outcomes),
  baselines: await runBaseline(directory),
  questions: outcomes.map(reportQuestion),
};
await mkdir(values.out, { recursive: true });
const json = `${JSON.stringify(report, null, 2)}\n`;
await writeFile(join(values.out, 'eval.json'), json);
await writeFile(join(values.out, 'eval.svg'), plot(report));
console.log(values.json ? json : renderReport(report, earlier));
console.error(`Written: ${join(values.out, 'eval.json')}, ${join(values.out, 'eval.svg')}`);

/** The platform of a run is confined to its own settings; only those that choose models pass. */
function providerSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(?:OPENAI|AI)_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function showProgress() {
  let shown = 0;
  return (step: string, done: number, total: number) => {
    const now = Date.now();
    if (done < total && now - shown < (process.stderr.isTTY ? 200 : 10_000)) return;
    shown = now;
    process.stderr.write(process.stderr.isTTY ? `\r${step} ${done} of ${total}   ` : `${step} ${done} of ${total}\n`);
    if (done === total && process.stderr.isTTY) process.stderr.write('\n');
  };
}

function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}
