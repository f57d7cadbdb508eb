import { type LoggedPrompt, MOST_ANSWER_BYTES, type PromptLog } from '../prompts/prompt-log.ts';
import type { BegunAnswer, WholeAnswer } from '../routing/contract.ts';
import { recordStream } from './record-stream.ts';

type Answer = (WholeAnswer | BegunAnswer) & { settled: Promise<unknown> };

/** Makes a call, and has its request and its answer written down once it is over. */
export async function logPrompt<A extends Answer>(
  log: PromptLog,
  { caller, requestId, dialect, route, body, keepMs }: LoggedPrompt,
  call: () => Promise<A>,
): Promise<A> {
  const prompt = log.begin({ caller, requestId, dialect, route, body, keepMs });
  let answer: A;
  try {
    answer = await call();
  } catch (error) {
    prompt.end(undefined);
    throw error;
  }
  const { kind, settled } = answer;
  if (kind === 'whole') {
    const bytes = answer.body.subarray(0, MOST_ANSWER_BYTES);
    void settled.then(() => prompt.end({ kind, bytes, target: answer.target.name }));
    return answer;
  }
  const recorded = recordStream(answer.bytes, { most: MOST_ANSWER_BYTES, continues: false, cuts: true });
  void Promise.all([recorded.body, settled]).then(([bytes = Buffer.alloc(0)]) =>
    prompt.end({ kind, bytes, target: answer.target.name }),
  );
  return { ...answer, bytes: recorded.bytes };
}
