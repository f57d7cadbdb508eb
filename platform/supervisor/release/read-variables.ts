import type { OutputFile } from 'esbuild';

/** A definition in a bundle, where the bundler may have numbered the function, with its first argument if that is a name. */
const definitions =
  /(?<!function )\bdefine(?:Variable|SecretKey|Secret|Number|File|Folder|Key)\d*\((?:"([A-Z][A-Z0-9_]*)",)?/g;

/**
 * Names of the variables that a bundle can read, in order: those whose definitions are in it. A definition that no code uses does
 * not get into a bundle, and code cannot read a variable without its definition, so none is missing.
 * @throws when a variable is not named by a literal
 */
export function readVariables(files: readonly Pick<OutputFile, 'path' | 'text'>[]): string[] {
  const scripts = files.filter(({ path }) => path.endsWith('.js'));
  const names = scripts.flatMap(({ text }) =>
    [...text.matchAll(definitions)].map(([call, name]) => {
      if (name === undefined) throw new Error(`Read variables: "${call}": must begin with a literal name`);
      return name;
    }),
  );
  return [...new Set(names)].toSorted();
}
