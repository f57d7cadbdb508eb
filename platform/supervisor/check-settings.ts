import { accessSync, constants } from 'node:fs';
import type { Composition, Source } from '../kernel/composition.ts';
import { ConfigurationError, type Environment, parseEnvironment, readEnvironment } from '../kernel/environment.ts';
import * as variables from '../kernel/variables.ts';
import { checkAlertSettings } from './alerts/check-settings.ts';
import { checkHostSettings } from './hosts/check-settings.ts';

/** The settings that the platform itself works by. */
export type OwnSettings = Environment<(typeof variables)[keyof typeof variables]>;

export type Settings = Pick<Composition, 'variables' | 'checkSettings'>;

/**
 * Every setting, and what the settings ask of each other: a process that met a mistake by itself would fail at its start,
 * after others have begun to serve.
 * @throws ConfigurationError naming all mistakes, each with what is expected
 */
export function checkSettings(composition: Settings, source: Source): OwnSettings {
  const { values, mistakes } = parseEnvironment(composition.variables, source);
  // A value that is wrong by itself counts as unset, and is not complained about twice.
  const good = Object.fromEntries(Object.entries(source).filter(([name]) => name in values));
  const own = [...ownMistakes(good), ...checkAlertSettings(good), ...checkHostSettings(good)];
  const all = [...mistakes, ...own, ...composition.checkSettings(good), ...unreadable(composition, good)];
  if (all.length > 0) throw new ConfigurationError(all);
  return readEnvironment(Object.values(variables), source);
}

function ownMistakes(source: Source): string[] {
  const { ENVIRONMENT, ALLOWED_HOSTS } = readEnvironment([variables.ENVIRONMENT, variables.ALLOWED_HOSTS], source);
  if (ENVIRONMENT !== 'production' || !ALLOWED_HOSTS.includes('*')) return [];
  return ['ALLOWED_HOSTS: "*": in production it must name the hosts'];
}

function unreadable({ variables: all }: Settings, source: Source): string[] {
  return all.flatMap(({ name, path }) => {
    const given = source[name];
    if (path !== 'file' || !given || isReadable(given)) return [];
    return [`${name}: "${given}": must be a file that can be read`];
  });
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
