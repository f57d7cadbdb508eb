import { unsupported } from '../../dialects/refuse.ts';
import { type AskedCall, admitCall, type Gateway } from '../admit-call.ts';
import type { ModelAnswer } from '../call-model.ts';
import { findRoute } from '../find-route.ts';
import { completeUnits } from './complete-units.ts';
import type { ReadOperation } from './contract.ts';

export interface AskedPass extends AskedCall {
  read: ReadOperation;
}

/**
 * Speech, transcripts, pictures and reranking, on the way of any call: a place, a reservation, the upstreams that can do it in turn, and the
 * settlement.
 * @throws Problem model-not-found, unsupported-parameter naming the operation that no target can do, and those of `admitCall`
 *   and `Exchange.pass`
 */
export async function passCall(gateway: Gateway, asked: AskedPass): Promise<ModelAnswer> {
  const { caller, configuration, read, signal } = asked;
  const { operation, body, contentType, expected } = read;
  const found = findRoute(configuration, caller, read.model);
  const route = { ...found, targets: found.targets.filter(({ target }) => target.can.includes(operation)) };
  if (route.targets.length === 0) throw unsupported(operation);
  const call = await admitCall(gateway, {
    ...{ ...asked, route, operation },
    units: { expected, complete: (report) => completeUnits({ operation, expected }, report) },
  });
  try {
    const { books, targets } = call;
    const answer = await gateway.exchange.pass({
      ...{ route, targets, signal, operation, body, contentType, onAttempt: books.note },
    });
    const told = { attempts: books.failures() + 1, dropped: [], isComplete: books.isComplete };
    return { ...answer, ...told, settled: call.endAfter(answer) };
  } catch (error) {
    await call.end();
    throw error;
  }
}
