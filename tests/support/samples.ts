import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './http/client.ts';
import { checkout } from './platform.ts';

const folder = join(checkout, 'scripts/samples');

export interface SampleQuestion {
  question: string;
  /** Missing when no document answers it. */
  expect: { document: string; page?: number; quoteContains: string } | null;
}

/** Names of the sample documents. */
export const sampleNames = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name !== 'README.md' && name !== 'questions.json').toSorted();

export const readSample = (name: string): Promise<Buffer<ArrayBuffer>> => readFile(join(folder, name));

export const sampleQuestions = async (): Promise<SampleQuestion[]> =>
  JSON.parse(await readFile(join(folder, 'questions.json'), 'utf8'));

/** Uploads these samples side by side and waits for them. @returns the document's id by the sample's name */
export async function addSamples(account: Account, names: readonly string[]): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(names.map(async (name) => [name, await account.add(name, await readSample(name))] as const)),
  );
}
