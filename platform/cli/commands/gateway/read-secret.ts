import { text } from 'node:stream/consumers';

const MOST_CHARACTERS = 16_384;

/** A secret from standard input, or asked for on the terminal without showing it. Never from an argument, which every user of the machine can read. @throws when there is none */
export async function readSecret(question: string): Promise<string> {
  const entered = process.stdin.isTTY ? await askSilently(question) : await text(process.stdin);
  const secret = entered.trim();
  if (secret === '') throw new Error('Read secret: standard input is empty');
  if (secret.length > MOST_CHARACTERS) throw new Error(`Read secret: it has more than ${MOST_CHARACTERS} characters`);
  if (/\s/.test(secret)) throw new Error('Read secret: it has spaces or line breaks in it');
  return secret;
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
