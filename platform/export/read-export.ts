import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigurationError } from '../kernel/environment.ts';
import { version } from '../kernel/version.ts';
import { checkSettings, type Settings } from '../supervisor/check-settings.ts';
import { readSites } from '../supervisor/sites/site.ts';
import type { ExportInput, Places } from './kubernetes/input.ts';
import { variablesOf } from './kubernetes/units/environment.ts';
import { readBuiltUnits } from './read-units.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What an export depends on, read from a checkout and the operator's settings.
 * @throws ConfigurationError for settings that are wrong, and files that they name and that cannot be read
 */
export async function readExport(
  root: string,
  composition: Settings,
  settings: Record<string, string | undefined>,
  places: Places,
): Promise<ExportInput> {
  const { PROJECT_NAME: title, API_V1_STR: gatewayPath } = checkSettings(composition, settings);
  const [units, sites, caddyfile, openapi] = await Promise.all([
    readBuiltUnits(root),
    readSites(root),
    readFile(join(root, 'Caddyfile'), 'utf8'),
    describe(root, { version, title, gatewayPath }),
  ]);
  const { variables } = composition;
  return {
    ...places,
    ...{ units, settings, caddyfile, openapi, variables, authorities: await readFiles(units, variables, settings) },
    sites: sites.map(({ name, manifest }) => ({ name, entries: manifest.entries })),
  };
}

/** Files of the operator that units read, by the variables that name them. */
async function readFiles(
  units: ExportInput['units'],
  variables: ExportInput['variables'],
  settings: ExportInput['settings'],
): Promise<Record<string, string>> {
  const read = new Set(units.flatMap(variablesOf));
  const texts: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const { name, path } of variables) {
    const file = settings[name];
    if (path !== 'file' || !read.has(name) || !file) continue;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) mistakes.push(`${name}: "${file}": must be a file that can be read`);
    else texts[name] = text;
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return texts;
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
