import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generationStates } from '../../db/schema/legal/index-generations.ts';
import { generationStates as imageStates } from '../../modules/pictures/contract.ts';
import { jobStates } from '../kernel/job-state.ts';
import { instanceStates } from './process/instance.ts';
import { releaseStates } from './release/release.ts';
import { unitStates } from './units/state.ts';

const text = await readFile(join(import.meta.dirname, '../../docs/lifecycle.md'), 'utf8');

/** The states that a section's diagram names, in Mermaid's notation, where a hyphen cannot stand. */
function statesUnder(heading: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const diagram = /```mermaid\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  const arrows = [...diagram.matchAll(/^ +(\S+) --> ([^\s:]+)/gm)].flatMap(([, from = '', to = '']) => [from, to]);
  return [...new Set(arrows)].filter((state) => state !== '[*]').map((state) => state.replaceAll('_', '-'));
}

it.each([
  ['A unit', unitStates.map((state) => state.replace(' ', '-'))],
  ['A release', releaseStates],
  ['An instance', instanceStates],
  ['A job', jobStates],
  ['An index', generationStates],
  ['A generation of images', imageStates],
])('the diagram of %s has the states of the code', (heading, states) => {
  expect(statesUnder(heading).toSorted()).toEqual([...states].toSorted());
});
