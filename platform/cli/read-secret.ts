import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

const MOST_CHARACTERS = 16_384;

/**
 * A secret from a file, from standard input, or asked for on the terminal without showing it. Never from an argument, which every user of
 * the machine can read.
 * @throws when there is none
 */
export async function readSecret(question: string, file?: string): Promise<string> {
  const entered = await enter(question, file);
  const secret = entered.trim();
  if (secret === '') throw new Error(`Read secret: ${file === undefined ? 'standard input' : `"${file}"`} is empty`);
  if (secret.length > MOST_CHARACTERS) throw new Error(`Read secret: it has more than ${MOST_CHARACTERS} characters`);
  if (/\s/.test(secret)) throw new Error('Read secret: it has spaces or line breaks in it');
  return secret;
}

async function enter(question: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return readFile(file, 'utf8');
  return process.stdin.isTTY ? askSilently(question) : text(process.stdin);
}

async function askSilently(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
