import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/**
 * The configuration in a YAML file, or on standard input for `-`.
 * @throws when it cannot be read, or is no YAML, naming the line
 */
export async function readDocument(file: string): Promise<unknown> {
  const source = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const mistakes = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `  line ${line}, column ${col}: ${message}`;
  });
  if (mistakes.length > 0) throw new Error(`Read "${file}": it is no good YAML\n${mistakes.join('\n')}`);
  return document.toJS();
}
