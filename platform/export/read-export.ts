import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { version } from '../kernel/version.ts';
import { checkSettings, type Settings } from '../supervisor/check-settings.ts';
import { readSites } from '../supervisor/sites/site.ts';
import type { ExportInput } from './kubernetes/input.ts';
import { readBuiltUnits } from './read-units.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What an export depends on, read from a checkout and the operator's settings.
 * @throws ConfigurationError for settings that are wrong
 */
export async function readExport(
  root: string,
  composition: Settings,
  settings: Record<string, string | undefined>,
  places: Pick<ExportInput, 'image' | 'domain' | 'namespace' | 'gatewayClass'>,
): Promise<ExportInput> {
  const { PROJECT_NAME: title, API_V1_STR: gatewayPath } = checkSettings(composition, settings);
  const [units, sites, caddyfile, openapi] = await Promise.all([
    readBuiltUnits(root),
    readSites(root),
    readFile(join(root, 'Caddyfile'), 'utf8'),
    describe(root, { version, title, gatewayPath }),
  ]);
  return {
    ...places,
    ...{ units, settings, caddyfile, openapi, variables: composition.variables },
    sites: sites.map(({ name, manifest }) => ({ name, entries: manifest.entries })),
  };
}

/** In a process of its own, which holds the code of all functions. */
async function describe(root: string, about: { version: string; title: string; gatewayPath: string }): Promise<string> {
  const program = join(import.meta.dirname, 'functions-api-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, root, JSON.stringify(about)], {
    env: { PATH: process.env.PATH },
    maxBuffer: MOST_BYTES,
  });
  return stdout;
}
