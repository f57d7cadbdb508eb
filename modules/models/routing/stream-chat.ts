import { Problem } from '../../../platform/kernel/problem.ts';
import { internal } from '../../../platform/kernel/problems.ts';
import type { StreamWriter } from '../dialects/contract.ts';
import { answerChunks, characterCount } from '../dialects/index.ts';
import type { UpstreamResponse } from '../providers/adapter.ts';
import { type AskedTarget, askChat } from './ask-chat.ts';
import type { ExchangeContext } from './ask-target.ts';
import type { Attempt } from './attempt.ts';
import { ChatSource } from './chat-source.ts';
import type { AskedChat, BegunAnswer } from './contract.ts';
import { onAbort } from './on-abort.ts';
import { parseAnswer, readWhole } from './read-whole.ts';
import type { Target } from './route.ts';
import { AnswerStream } from './streams/answer-stream.ts';
import { relayStream } from './streams/relay-stream.ts';
import { createTap } from './streams/tap.ts';
import { createTranslation } from './streams/translation.ts';
import { tryTargets } from './try-targets.ts';

/**
 * A conversation whose answer is a stream.
 * @throws Problem while nothing was put out
 */
export async function streamChat(context: ExchangeContext, asked: AskedChat): Promise<BegunAnswer> {
  const { body: _, ...others } = asked;
  const { dialect, requestId, signal } = others;
  const source = new ChatSource(asked);
  const leaving = new AbortController();
  const letGo = onAbort(signal, () => leaving.abort(signal.reason));
  const answer = new AnswerStream(() => leaving.abort(), context.times);
  context.wheel.add(answer);
  let current: Target | undefined;

  const trial = tryTargets(context, { ...others, signal: leaving.signal }, source.needs, async (attempt) => {
    current = attempt.target;
    const told = await askChat(context, source, attempt);
    const { adapter, wire, response } = told;
    if (isJson(response)) {
      const bytes = await readAsStream(context, told, attempt, dialect.createWriter(others));
      source.release();
      attempt.isCommitted = true;
      answer.put(bytes, () => {});
      return;
    }
    const format = wire.name === dialect.name ? createTap(wire, others) : createTranslation(wire, dialect, others);
    const { held, wheel } = context;
    const onCommit = () => source.release();
    return relayStream(response, { attempt, adapter, format, answer, wheel, held, onCommit });
  });

  const ended = trial
    .then(
      () => answer.finish(),
      (error) => {
        if (!answer.hasBegun) throw error;
        if (leaving.signal.aborted) answer.destroy();
        else answer.finish(dialect.writeStreamError(asProblem(error), requestId, answer.last));
      },
    )
    .finally(() => {
      context.wheel.delete(answer);
      letGo();
    });
  await Promise.race([answer.begun, ended]);
  return {
    kind: 'begun',
    get target() {
      return current as Target;
    },
    contentType: 'text/event-stream; charset=utf-8',
    bytes: answer,
    over: ended.catch(() => {}),
  };
}

const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(internal, { cause: error });

export const isJson = ({ headers }: UpstreamResponse): boolean =>
  /^application\/json\b/i.test(headers['content-type'] ?? '');

/** A whole answer in place of a stream, as servers without streams give it, written as one. @throws AttemptFailure, Problem */
async function readAsStream(
  { responseBytes }: ExchangeContext,
  { adapter, wire, response }: AskedTarget,
  attempt: Attempt,
  writer: StreamWriter,
): Promise<Buffer> {
  const json = parseAnswer(await readWhole(response.body, responseBytes, attempt), attempt, adapter);
  const whole = wire.readAnswer(json);
  attempt.note(wire, json, () => characterCount(whole));
  const events = answerChunks(whole).map((chunk) => writer.write(chunk));
  return Buffer.from(events.join('') + writer.end());
}
