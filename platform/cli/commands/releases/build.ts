import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { didYouMean } from '../../../kernel/nearest.ts';
import { createBuilder } from '../../../supervisor/release/builder.ts';
import { SHIPPED } from '../../../supervisor/sites/operations/build.ts';
import { readSites } from '../../../supervisor/sites/site.ts';
import { createSiteBuilder } from '../../../supervisor/sites/site-builder.ts';
import { readUnits } from '../../../supervisor/unit.ts';
import { checkout } from '../../checkout.ts';
import { examples } from '../../output.ts';

export const build = (program: Command) =>
  program
    .command('build [names...]')
    .description(
      `Build sites, functions and workers without a platform, into the folder "${SHIPPED}" of the checkout: for a host that cannot build a site, and for \`pandect serve\``,
    )
    .option('--units', 'build all functions and workers')
    .option('--out <folder>', 'build into another folder')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect build web', 'pandect build ask ingest', 'pandect build --units'))
    .action(async (names: string[], { units: isAll, out, json }: { units?: boolean; out?: string; json?: boolean }) => {
      const [sites, units] = [await readSites(checkout), await readUnits(checkout)];
      const known = [...sites, ...units].map(({ name }) => name);
      const wanted = isAll ? [...names, ...units.map(({ name }) => name)] : names;
      if (wanted.length === 0) throw new Error(`Build: name what to build: ${known.join(', ')}`);
      const unknown = wanted.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        throw new Error(`Build "${unknown}": known are ${known.join(', ')}${didYouMean(unknown, known)}`);
      }
      const releases = out ? resolve(out) : resolve(checkout, SHIPPED);
      const work = join(releases, '.work');
      const buildUnit = createBuilder();
      const buildSite = createSiteBuilder();
      for (const name of new Set(wanted)) {
        const site = sites.find((each) => each.name === name);
        const unit = units.find((each) => each.name === name);
        const built = site
          ? await buildSite(site, { root: checkout, releases, work, node: process.execPath, user: undefined })
          : unit && (await buildUnit(unit, { root: checkout, releases }));
        if (built) console.log(json ? JSON.stringify({ name, release: built.id, folder: built.folder }) : built.folder);
      }
    });
