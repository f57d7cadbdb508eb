import type { OutputFile } from 'esbuild';
import { isVariableName, type VariableName } from '../../kernel/environment.ts';

/** A call in a bundle, where the bundler may have numbered the name, with its first argument if that is a list. */
const calls = /(?<!function )\bdefineProvider\d*\((\[[^\]]*\])?/g;
const literalList = /^\[(?:"\w+"(?:,"\w+")*)?\]$/;

/**
 * The variables that the providers of a bundle read, in order of their names. The bundle holds all that its processes can run,
 * so nothing that they read is missing.
 * @throws when a provider names its variables by anything but a literal list
 */
export function readVariables(files: readonly Pick<OutputFile, 'path' | 'text'>[]): VariableName[] {
  const scripts = files.filter(({ path }) => path.endsWith('.js'));
  const lists = scripts.flatMap(({ text }) => [...text.matchAll(calls)].map(([call, list]) => ({ call, list })));
  const names = lists.flatMap(({ call, list }) => {
    const found = list !== undefined && literalList.test(list) ? (JSON.parse(list) as string[]) : [];
    if (list !== undefined && literalList.test(list) && found.every(isVariableName)) return found;
    throw new Error(`Read variables of a provider: "${call}": must begin with a literal list of known names`);
  });
  return [...new Set(names as VariableName[])].toSorted();
}
