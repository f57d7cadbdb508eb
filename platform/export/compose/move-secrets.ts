import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { replaceFile } from '../../kernel/replace-file.ts';

interface Move {
  name: string;
  value: string;
  /** Where it goes, below the folder of secrets. */
  file: string;
  /** What stands in its place. */
  line: string;
}

/**
 * Moves secrets out of a file of settings, all of which a container would have in its environment, into files of their own.
 * @param given secrets whose files the Compose file names itself; of the others the settings say where they are
 * @returns names of those that were moved, and nothing is moved by a second time
 * @throws Error with a line for each that cannot be moved; nothing is moved then
 */
export async function moveSecrets(
  path: string,
  folder: string,
  { secrets, given }: { secrets: readonly string[]; given: readonly string[] },
): Promise<string[]> {
  let text = await readFile(path, 'utf8');
  const values = parseEnv(text);
  const wanted = new Set([...secrets, ...given]);
  const moves = [...wanted].flatMap((name): Move[] => {
    const value = values[name];
    const file = name.toLowerCase();
    if (!value) return [];
    return given.includes(name)
      ? [{ name, value, file, line: `# ${name} stands in ${folder}/${file}` }]
      : [{ name, value, file: `own/${file}`, line: `${name}_FILE=/run/secrets/own/${file}` }];
  });
  const mistakes = (await Promise.all(moves.map((move) => mistakeOf(move, text, values, folder)))).flat();
  if (mistakes.length > 0) throw new Error(mistakes.map((mistake) => `Move secrets: ${mistake}`).join('\n'));
  if (moves.length === 0) return [];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await mkdir(join(folder, 'own'), { recursive: true, mode: 0o755 });
  for (const { name, value, file, line } of moves) {
    await writeFile(join(folder, file), `${value}\n`, { mode: 0o644, flush: true });
    // Whatever the umask is.
    await chmod(join(folder, file), 0o644);
    text = text.replace(lineOf(name), () => line);
  }
  await replaceFile(path, text, { mode: (await stat(path)).mode & 0o777, flush: true });
  return moves.map(({ name }) => name);
}

const lineOf = (name: string): RegExp => new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm');

async function mistakeOf(
  { name, value, file }: Move,
  text: string,
  values: NodeJS.Dict<string>,
  folder: string,
): Promise<string[]> {
  if (values[`${name}_FILE`]) return [`${name}: set twice: remove it or ${name}_FILE`];
  const lines = text.match(new RegExp(lineOf(name), 'gm')) ?? [];
  if (lines.length !== 1 || parseEnv(lines[0] ?? '')[name] !== value) {
    return [`${name}: it does not stand in one line: move it by hand`];
  }
  const there = await readFile(join(folder, file), 'utf8').catch(() => undefined);
  return there === undefined || there.trimEnd() === value
    ? []
    : [`${name}: "${join(folder, file)}" holds another value`];
}
