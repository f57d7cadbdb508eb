import { unsupported } from '../dialects/refuse.ts';
import type { EmbeddingsAnswer, EmbeddingsBody } from '../providers/adapter.ts';
import { askTarget, type ExchangeContext } from './ask-target.ts';
import { unreadable } from './attempt-failure.ts';
import type { Asked } from './contract.ts';
import { parseAnswer, readWhole } from './read-whole.ts';
import type { Target } from './route.ts';
import { tryTargets } from './try-targets.ts';

/** Vectors for texts, in the order of the texts. @throws Problem */
export function askEmbeddings(
  context: ExchangeContext,
  asked: Asked & { body: EmbeddingsBody },
): Promise<EmbeddingsAnswer & { target: Target }> {
  const needs = [{ ability: 'embeddings', parameter: 'model' }] as const;
  return tryTargets(context, asked, needs, async (attempt) => {
    const { target } = attempt;
    const adapter = await context.adapterOf(target.provider.kind);
    const { embeddings } = adapter;
    if (!embeddings) throw unsupported('model');
    const drop = asked.route.drop ? (parameter: string) => asked.onDrop?.(parameter) : undefined;
    const response = await askTarget(context, adapter, attempt, (call) => embeddings.write(asked.body, call), drop);
    const json = parseAnswer(await readWhole(response.body, context.mediaBytes, attempt), attempt, adapter);
    const answer = embeddings.read(json);
    attempt.usage = answer.usage;
    if (answer.vectors.length !== asked.body.input.length) throw unreadable(attempt.status);
    return { ...answer, target };
  });
}
