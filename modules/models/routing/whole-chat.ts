import type { Json, Wire } from '../dialects/contract.ts';
import { characterCount } from '../dialects/index.ts';
import { askChat } from './ask-chat.ts';
import type { ExchangeContext } from './ask-target.ts';
import { ChatSource } from './chat-source.ts';
import type { AskedChat, WholeAnswer } from './contract.ts';
import { parseAnswer, readWhole } from './read-whole.ts';
import { tryTargets } from './try-targets.ts';

/** A conversation whose answer comes at once. @throws Problem */
export function wholeChat(context: ExchangeContext, asked: AskedChat): Promise<WholeAnswer> {
  const { dialect, model } = asked;
  const source = new ChatSource(asked);
  return tryTargets(context, asked, source.needs, async (attempt) => {
    const { target } = attempt;
    const { adapter, wire, response } = await askChat(context, source, attempt);
    const bytes = await readWhole(response.body, context.responseBytes, attempt);
    const json = parseAnswer(bytes, attempt, adapter);
    const isSame = wire.name === dialect.name;
    const answer = isSame ? undefined : wire.readAnswer(json);
    attempt.note(wire, json, () => (answer ? characterCount(answer) : countOf(wire, json, bytes)));
    const written = answer ? Buffer.from(JSON.stringify(dialect.writeAnswer(answer, model))) : bytes;
    return { kind: 'whole', target, status: response.status, contentType: 'application/json', body: written };
  });
}

/** Of an answer that passes as it is: one in an unusual form is counted by its bytes, not refused. @throws Problem for what is no answer */
function countOf(wire: Wire, json: Json, bytes: Buffer): number {
  try {
    return characterCount(wire.readAnswer(json));
  } catch (error) {
    if (![json.choices, json.content, json.output].some(Array.isArray)) throw error;
    return bytes.length;
  }
}
