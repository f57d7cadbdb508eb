import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { askInstance } from '../process/probe.ts';
import type { ReleaseProcesses } from '../units/release-processes.ts';
import type { Release } from './release.ts';

/** A function's own description of its API, kept once it has run, so that no one must wake it to know. */

const descriptionPath = ({ folder }: Release) => join(folder, 'openapi.json');

export const isDescribed = (release: Release): boolean => existsSync(descriptionPath(release));

export const releaseDescription = (release: Release): Promise<string> => readFile(descriptionPath(release), 'utf8');

/** Asks a process of the release, once, and before the last one falls asleep. One that does not answer is asked later. */
export async function describeRelease({ unit, release, ready }: ReleaseProcesses, log: Log): Promise<void> {
  if (unit.kind !== 'function' || isDescribed(release) || !ready[0]) return;
  try {
    await replaceFile(descriptionPath(release), await askInstance(ready[0].socket, '/_pandect/openapi'));
  } catch (error) {
    log.warn({ error, unit: unit.name }, 'API description: the function does not answer');
  }
}
