import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { background } from './background.ts';
import { backup } from './backup.ts';
import { backupKills } from './backup-kills.ts';
import { bots } from './bots.ts';
import { edge } from './edge.ts';
import { fifty } from './fifty.ts';
import { gateway } from './gateway.ts';
import { idle } from './idle.ts';
import { images } from './images.ts';
import { ingest } from './ingest.ts';
import { ingestKills } from './ingest-kills.ts';
import { metering } from './metering.ts';
import { metrics } from './metrics.ts';
import { month } from './month.ts';
import { parse } from './parse.ts';
import { people } from './people.ts';
import { redeploy } from './redeploy.ts';
import { rollback } from './rollback.ts';
import { search } from './search.ts';
import { start } from './start.ts';
import { storage } from './storage.ts';
import { render, type Table } from './support/table.ts';
import { wake } from './wake.ts';
import { web } from './web.ts';

const benches = [
  start,
  edge,
  search,
  idle,
  ingest,
  ingestKills,
  parse,
  people,
  redeploy,
  rollback,
  wake,
  fifty,
  metering,
  metrics,
  gateway,
  storage,
  images,
  bots,
  web,
  backup,
  backupKills,
  background,
  month,
];

const help = `Usage: node bench/run.ts [NAME…] [--json] [--out FILE]

Measures a platform of its own in a temporary home, each figure next to a baseline in the same run:
${benches.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

  --json      print the results as JSON instead of tables
  --out FILE  write the results as JSON to a file as well
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (values.help) {
  console.log(help);
  process.exit(0);
}
if (unknown.length > 0) {
  console.error(`Run bench "${unknown.join(' ')}": unknown; known are ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${gigabytes} GB, Node ${process.version}, ${process.platform} ${process.arch}`;
if (!values.json) console.log(`Machine: ${machine}\n`);
const results: Record<string, Table & { load: number; seconds: number }> = {};
for (const bench of benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  // Next to other work times say little; ratios still do.
  const load = loadavg()[0] as number;
  const began = performance.now();
  const table = await bench.run();
  results[bench.name] = { ...table, load, seconds: Math.round((performance.now() - began) / 1000) };
  if (!values.json) console.log(`${render(table)}Load average before: ${load.toFixed(1)}\n`);
}
const report = `${JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2)}\n`;
if (values.json) process.stdout.write(report);
if (values.out !== undefined) await writeFile(values.out, report);
