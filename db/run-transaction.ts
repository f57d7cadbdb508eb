import type pg from 'pg';
import { CommitUnknown, ConnectionLost, type Pool, throwLoss } from './pool.ts';

/** Sends one statement when the one before it is answered. */
export type Send = (statement: pg.QueryConfig | pg.QueryArrayConfig) => Promise<pg.QueryResult>;

/**
 * Runs `work` between `begin` and `commit`, and takes everything back when it fails.
 *
 * All of it happens on one connection, which is never opened again: a statement belongs to this transaction or is not sent.
 * Once the connection is lost, or the transaction at its end, `work` is refused whatever it still asks. A connection
 * that was lost, or whose transaction could not be ended, serves no one else.
 *
 * @param begin the statement that opens it; several when they have no parameters
 * @throws ConnectionLost as soon as the connection is lost, whatever `work` is waiting for; CommitUnknown when that happens
 *   during `commit`
 */
export async function runTransaction<T>(pool: Pool, begin: string, work: (send: Send) => Promise<T>): Promise<T> {
  const client = await pool.take();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {}); // no one waits for it any more once `work` is done
  let loss: ConnectionLost | undefined;
  let failure: unknown;
  let previous: Promise<unknown> = Promise.resolve();
  let isOpen = true;
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
        return client.query(statement);
      })
      .catch((error: unknown) => {
        throw loss ?? error;
      });
    previous = answer.catch((error: unknown) => {
      failure ??= error;
    });
    return answer;
  };
  const send: Send = async (statement) => {
    if (!isOpen) throw new Error('Send statement: its transaction has ended');
    return ask(statement);
  };

  let isEnded = false;
  try {
    await ask({ text: begin }).catch(throwLoss);
    const result = await Promise.race([work(send), lost.promise]);
    await previous;
    // The server answers `commit` after a failed statement by taking everything back, and calls that no error.
    if (failure) throw failure;
    isOpen = false;
    isCommitting = true;
    await ask({ text: 'commit' });
    isEnded = true;
    return result;
  } catch (error) {
    isOpen = false;
    if (loss) throw loss;
    isEnded = await ask({ text: 'rollback' }).then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.off('error', onLoss);
    client.off('end', onLoss);
    client.release(!isEnded);
  }
}
