import { parentPort } from 'node:worker_threads';
import { compareTexts } from './compare-texts.ts';
import type { ComparisonAnswer, ComparisonOrder } from './contract.ts';

/* The thread that compares two texts, started by `comparer.ts`: one order, one answer. Its parent ends it when that takes too long. */

parentPort?.once('message', async (order: ComparisonOrder) => parentPort?.postMessage(await answer(order)));

async function answer({ before, after, form }: ComparisonOrder): Promise<ComparisonAnswer> {
  try {
    const comparison = compareTexts(before.text, after.text);
    if (form === 'comparison') return { comparison };
    const { writeRedline } = await import('./write-redline.ts');
    return { docx: await writeRedline({ before, after }, comparison, form.docx) };
  } catch (error) {
    // Only the kind of error: its message may quote the text.
    return { failed: error instanceof Error ? error.name : 'unknown error' };
  }
}
