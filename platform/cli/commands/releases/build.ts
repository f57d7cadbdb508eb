import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { didYouMean } from '../../../kernel/nearest.ts';
import { SHIPPED } from '../../../supervisor/sites/operations/build.ts';
import { readSites } from '../../../supervisor/sites/site.ts';
import { createSiteBuilder } from '../../../supervisor/sites/site-builder.ts';
import { checkout } from '../../checkout.ts';
import { examples } from '../../output.ts';

export const build = (program: Command) =>
  program
    .command('build <name>')
    .description(
      `Build a site without a platform, into the folder "${SHIPPED}" of the checkout, for a host that cannot build it`,
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect build web'))
    .action(async (name: string, { json }) => {
      const sites = await readSites(checkout);
      const site = sites.find((each) => each.name === name);
      if (!site) {
        const known = sites.map((each) => each.name);
        throw new Error(`Build "${name}": known sites are ${known.join(', ')}${didYouMean(name, known)}`);
      }
      const releases = resolve(checkout, SHIPPED);
      const work = join(releases, '.work');
      const options = { root: checkout, releases, work, node: process.execPath, user: undefined };
      const { id, folder } = await createSiteBuilder()(site, options);
      console.log(json ? JSON.stringify({ release: id, folder }) : folder);
    });
