import type pg from 'pg';
import { CommitUnknown, ConnectionLost, isOutdated, type Pool, throwLoss } from './pool.ts';
import { queryFirst } from './statements/opening-query.ts';

/** Sends one statement when the one before it is answered. */
export type Send = (statement: pg.QueryConfig | pg.QueryArrayConfig) => Promise<pg.QueryResult>;

/**
 * Runs `work` between `opening` and `commit`, and takes everything back when it fails. Without a statement nothing is sent at all.
 *
 * All of it happens on one connection, which is never opened again: a statement belongs to this transaction or is not sent.
 * Once the connection is lost, or the transaction at its end, `work` is refused whatever it still asks. A connection
 * that was lost, or whose transaction could not be ended, serves no one else.
 *
 * @param opening statements without parameters and rows that open it; they travel with the first of `work`
 * @throws ConnectionLost as soon as the connection is lost, whatever `work` is waiting for; CommitUnknown when that happens
 *   during `commit`
 */
export async function runTransaction<T>(
  pool: Pool,
  opening: readonly string[],
  work: (send: Send) => Promise<T>,
): Promise<T> {
  const client = await pool.take();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {}); // no one waits for it any more once `work` is done
  let loss: ConnectionLost | undefined;
  let failure: unknown;
  let previous: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  /** Something was asked, and `isBegun` when it is sent: what is asked last may be sent after `work` has ended. */
  let isUsed = false;
  let isBegun = false;
  let isCommitting = false;

  const onLoss = (cause?: Error) => {
    loss ??= new (isCommitting ? CommitUnknown : ConnectionLost)(cause);
    lost.reject(loss);
  };
  client.on('error', onLoss);
  client.on('end', onLoss);

  const ask: Send = (statement) => {
    const answer = previous
      .then(() => {
        if (loss) throw loss;
        if (isBegun) return client.query(statement);
        isBegun = true;
        return queryFirst(client, opening, statement).catch(throwLoss);
      })
      .catch((error: unknown) => {
        if (error instanceof ConnectionLost) loss ??= error;
        else if (isOutdated(error)) loss ??= new ConnectionLost(error);
        throw loss ?? error;
      });
    previous = answer.catch((error: unknown) => {
      failure ??= error;
    });
    return answer;
  };
  const send: Send = async (statement) => {
    if (!isOpen) throw new Error('Send statement: its transaction has ended');
    isUsed = true;
    return ask(statement);
  };

  let isEnded = false;
  const end = async (how: 'commit' | 'rollback') => {
    if (isUsed) await ask({ text: how });
    isEnded = true;
  };
  try {
    const result = await Promise.race([work(send), lost.promise]);
    await previous;
    // The server answers `commit` after a failed statement by taking everything back, and calls that no error.
    if (failure) throw failure;
    isOpen = false;
    isCommitting = true;
    await end('commit');
    return result;
  } catch (error) {
    isOpen = false;
    if (loss) throw loss;
    await end('rollback').catch(() => {});
    throw error;
  } finally {
    client.off('error', onLoss);
    client.off('end', onLoss);
    client.release(!isEnded);
  }
}
