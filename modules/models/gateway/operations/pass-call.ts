import type { Caller } from '../../../../platform/runtime/http/caller.ts';
import type { GatewayConfiguration } from '../../configuration/contract.ts';
import { unsupported } from '../../dialects/refuse.ts';
import { type CallLimits, type Gateway, reserveCall, takePlace } from '../admit-call.ts';
import type { Books } from '../books.ts';
import type { ModelAnswer } from '../call-model.ts';
import { findRoute } from '../find-route.ts';
import { completeUnits } from './complete-units.ts';
import type { ReadOperation } from './contract.ts';

export interface AskedPass {
  caller: Caller;
  configuration: GatewayConfiguration;
  read: ReadOperation;
  /** Under which it is metered, see `requestIdOf`. */
  requestId: string;
  /** Aborts when the caller leaves, or the time is over. */
  signal: AbortSignal;
  seconds: number;
  onLimits(limits: CallLimits): void;
}

/** After the last moment of an answer, for settling it. */
const SETTLING_SECONDS = 30;

/**
 * Speech, transcripts, pictures and reranking, on the way of any call: a place, a reservation, the upstreams that can do it in turn, and the
 * settlement.
 * @throws Problem model-not-found, unsupported-parameter naming the operation that no target can do, and those of `takePlace`,
 *   `reserveCall` and `Exchange.pass`
 */
export async function passCall(gateway: Gateway, asked: AskedPass): Promise<ModelAnswer> {
  const { caller, configuration, read, requestId, signal } = asked;
  const { operation, body, contentType, expected } = read;
  const found = findRoute(configuration, caller, read.model);
  const route = { ...found, targets: found.targets.filter(({ target }) => target.can.includes(operation)) };
  if (route.targets.length === 0) throw unsupported(operation);
  const place = await takePlace(gateway, caller);
  let books: Books | undefined;
  const end = () => {
    place.release();
    return books?.close() ?? Promise.resolve(undefined);
  };
  try {
    asked.onLimits({ requests: place.requests });
    const reserved = await reserveCall(gateway, {
      ...{ caller, route, requestId, operation, secondsOpen: asked.seconds + SETTLING_SECONDS },
      units: { expected, complete: (report) => completeUnits({ operation, expected }, report) },
    });
    books = reserved.books;
    const { isComplete, failures, note } = books;
    asked.onLimits({ requests: place.requests, tokens: reserved.tokens });
    const { targets } = reserved;
    const answer = await gateway.exchange.pass({
      ...{ route, targets, signal, operation, body, contentType, onAttempt: note },
    });
    const over = answer.kind === 'begun' ? answer.over : Promise.resolve();
    const settled = over.then(end).finally(() => gateway.inProgress.delete(settled));
    gateway.inProgress.add(settled);
    return { ...answer, attempts: failures() + 1, dropped: [], isComplete, settled };
  } catch (error) {
    await end();
    throw error;
  }
}
