import type { DemoClient } from './demo-client.ts';

interface Refusal {
  title: string;
  resetSeconds?: number;
  nextTier?: string;
  nextTierLimit?: number;
}

interface Limits {
  tier: string;
  questions: { day: { used: number; limit: number } };
}

/** What the free plan allows in a day, and one more. */
const MOST = 11;

/**
 * Asks with an account of the free plan until it is refused, and shows what the paying one has left. False when the free
 * plan refuses no one.
 */
export async function meetLimit(paying: DemoClient, free: DemoClient): Promise<boolean> {
  let answered = 0;
  for (let question = 1; question <= MOST; question++) {
    const { status, body } = await free.post<Refusal>('/api/ask', { question: `Question ${question}?` });
    if (status !== 429) {
      answered++;
      continue;
    }
    const { tier, questions } = await paying.get<Limits>('/api/limits');
    const hours = Math.ceil((body.resetSeconds ?? 0) / 3600);
    const next = body.nextTier ? `; the tier "${body.nextTier}" allows ${body.nextTierLimit}` : '';
    console.log(`
An account of the free plan asked ${answered} more questions today and was then refused: ${body.title}
(again in ${hours} h${next}). The paying one ("${tier}") has used ${questions.day.used} of ${questions.day.limit}.`);
    return true;
  }
  console.error(`An account of the free plan was answered ${answered} questions in one day`);
  return false;
}
