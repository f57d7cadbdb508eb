import { unsupported } from '../dialects/refuse.ts';
import type { Operation } from '../providers/adapter.ts';
import { askTarget, type ExchangeContext } from './ask-target.ts';
import type { Asked, BegunAnswer, WholeAnswer } from './contract.ts';
import type { Need } from './needed-abilities.ts';
import { onAbort } from './on-abort.ts';
import { createPassedEvents } from './passed-events.ts';
import { readPassedUsage, readSubtitles } from './passed-usage.ts';
import { checkCount, parseAnswer, readWhole } from './read-whole.ts';
import type { Target } from './route.ts';
import { isJson } from './stream-chat.ts';
import { AnswerStream } from './streams/answer-stream.ts';
import { relayBytes } from './streams/relay-bytes.ts';
import { relayStream } from './streams/relay-stream.ts';
import { tryTargets } from './try-targets.ts';

const needs: Readonly<Record<Operation, Need['ability']>> = {
  chat: 'chat',
  'count-tokens': 'chat',
  embeddings: 'embeddings',
  speech: 'speech',
  transcription: 'transcription',
  images: 'images',
  rerank: 'rerank',
};

type AskedOperation = Asked & { operation: Operation; body: Buffer; contentType: string };

/**
 * An operation whose request and answer stay as they are: JSON and text whole, sound and events as they come. An answer that breaks off
 * in the middle ends with an error of its stream.
 * @throws Problem before its first byte
 */
export async function passOperation(
  context: ExchangeContext,
  { body, ...asked }: AskedOperation,
): Promise<WholeAnswer | BegunAnswer> {
  const { operation, contentType, signal } = asked;
  /** Until an answer begins, after which no other target is asked. */
  let source: Buffer | undefined = body;
  const leaving = new AbortController();
  const letGo = onAbort(signal, () => leaving.abort(signal.reason));
  const answer = new AnswerStream(() => leaving.abort());
  let current: { target: Target; contentType: string } | undefined;

  const need = [{ ability: needs[operation], parameter: 'model' }];
  const trial = tryTargets(context, { ...asked, signal: leaving.signal }, need, async (attempt) => {
    const { target } = attempt;
    const adapter = await context.adapterOf(target.provider.kind);
    const response = await askTarget(context, adapter, attempt, async (call) => {
      if (!adapter.pass) throw unsupported(operation);
      if (!source) throw new Error(`Ask target "${target.name}": the request was released`);
      return adapter.pass(operation, source, contentType, call);
    });
    const type = response.headers['content-type'] ?? 'application/octet-stream';
    current = { target, contentType: type };
    const { held, wheel, mediaBytes } = context;
    const relay = { attempt, answer, wheel, held, adapter, endsWithConnection: true };
    if (/^text\/event-stream\b/i.test(type)) {
      await relayStream(response, { ...relay, format: createPassedEvents(operation), eventBytes: mediaBytes });
      return undefined;
    }
    if (!isText(type)) return relayBytes(response.body, relay);
    const bytes = await readWhole(response.body, mediaBytes, attempt);
    // A count has no bill.
    if (operation === 'count-tokens') checkCount(bytes, attempt, adapter);
    else if (isJson(response)) {
      attempt.usage = readPassedUsage(operation, parseAnswer(bytes, attempt, adapter));
    } else if (operation === 'transcription') attempt.usage = readSubtitles(bytes.toString());
    return { kind: 'whole', target, status: response.status, contentType: type, body: bytes } satisfies WholeAnswer;
  });

  const ended = trial
    .then(
      (whole) => {
        if (!whole) answer.finish();
        return whole;
      },
      (error) => {
        if (!answer.hasBegun) throw error;
        answer.destroy(error);
        return undefined;
      },
    )
    .finally(letGo);
  const whole = await Promise.race([answer.begun, ended]);
  source = undefined;
  if (whole) return whole;
  const { target, contentType: type } = current as NonNullable<typeof current>;
  const over = ended.then(
    () => {},
    () => {},
  );
  return { kind: 'begun', target, contentType: type, bytes: answer, over };
}

const isText = (type: string) => /^(application\/(json|x-subrip)|text\/)/i.test(type);
