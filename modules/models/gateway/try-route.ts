import { Problem } from '../../../platform/kernel/problem.ts';
import type { CallUsage } from '../../commerce/metering/calls/contract.ts';
import { chatDialect } from '../dialects/chat/chat-dialect.ts';
import type { TokenCount } from '../dialects/contract.ts';
import type { AttemptReport, Exchange } from '../routing/contract.ts';
import type { Route } from '../routing/route.ts';

/** One call of a target for a trial. */
export interface TriedAttempt {
  target: string;
  provider: string;
  model: string;
  outcome: AttemptReport['outcome'];
  status: number | undefined;
  /** The upstream's word for what went wrong. */
  code: string | undefined;
  firstMs: number | undefined;
  ms: number;
  usage: TokenCount | undefined;
  /** Roubles; undefined where the upstream counted nothing. */
  cost: string | undefined;
}

export interface TriedRoute {
  route: string;
  isOk: boolean;
  /** Of the answer that failed. */
  problem: string | undefined;
  ms: number;
  attempts: TriedAttempt[];
}

interface Trying {
  exchange: Exchange;
  /** Roubles that usage costs under the name of a price. */
  costOf(price: string, usage: CallUsage): string | undefined;
}

/** Long enough for one word, also of models that think before. */
const MOST_TOKENS = 256;
const QUESTION = 'Answer with the single word: yes';

/** Asks the targets of a route one short thing, as a call would, on no one's books. */
export async function tryRoute(
  { exchange, costOf }: Trying,
  route: Route,
  { stream, signal }: { stream: boolean; signal: AbortSignal },
): Promise<TriedRoute> {
  const attempts: TriedAttempt[] = [];
  const targets = route.targets.map(({ target }) => target);
  const onAttempt = (report: AttemptReport) => void attempts.push(toTried(report, costOf));
  const asked = { route, targets, signal, onAttempt };
  const begunAt = performance.now();
  const end = (problem?: string): TriedRoute => ({
    route: route.name,
    isOk: problem === undefined,
    problem,
    ms: Math.round(performance.now() - begunAt),
    attempts,
  });
  try {
    if (targets.every(({ can }) => !can.includes('chat'))) {
      await exchange.embeddings({ ...asked, body: { input: [QUESTION] } });
      return end();
    }
    const answer = await exchange.chat({
      ...asked,
      dialect: chatDialect,
      body: { model: route.name, messages: [{ role: 'user', content: QUESTION }], max_tokens: MOST_TOKENS, stream },
      stream,
      includeUsage: true,
      model: route.name,
      requestId: crypto.randomUUID(),
    });
    if (answer.kind === 'begun') {
      answer.bytes.resume();
      await answer.over;
    }
    return end(attempts.at(-1)?.outcome === 'done' ? undefined : 'stream-interrupted');
  } catch (error) {
    if (error instanceof Problem) return end(error.type);
    throw error;
  }
}

function toTried(report: AttemptReport, costOf: Trying['costOf']): TriedAttempt {
  const { target, outcome, status, code, firstMs, ms, usage } = report;
  return {
    target: target.name,
    provider: target.provider.name,
    model: target.model,
    ...{ outcome, status, code, usage },
    firstMs: firstMs === undefined ? undefined : Math.round(firstMs),
    ms: Math.round(ms),
    cost: usage && costOf(target.price, usage),
  };
}
