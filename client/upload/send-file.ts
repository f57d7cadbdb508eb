import type { HttpResponse, Upload as TusUpload } from 'tus-js-client';
import { FileError, type NetworkError, type ProblemError } from '../problem.ts';
import { delayAfter, isOffline, sleepUntilOnline } from '../waiting.ts';
import { isGone, mayGoOn, uploadFailure } from './upload-failure.ts';

/** So many failures in a row, without one byte in between: some eight minutes. Time without a network does not count. */
const ATTEMPTS = 20;

export type Step = { state: 'sending' } | { state: 'lost'; error: NetworkError | ProblemError; retryInMs: number };

/**
 * Sends what the server does not have of a file yet, as often as it takes, and returns the answer to the last piece.
 * @param sentBytes how far it is
 * @throws ProblemError, NetworkError or FileError when it does not go on by itself; the signal's reason, after which it can be sent on
 */
export async function* sendFile(
  tus: TusUpload,
  file: Blob,
  sentBytes: () => number,
  signal: AbortSignal,
): AsyncGenerator<Step, HttpResponse> {
  let most = sentBytes();
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const result = await attempt(tus, signal);
    if (!(result instanceof Error)) return result;
    signal.throwIfAborted();
    failures = sentBytes() > most ? 1 : failures + 1;
    most = Math.max(most, sentBytes());
    const error = uploadFailure(result);
    if (failures >= ATTEMPTS) throw error;
    // The next start finds no upload there, and begins another one.
    if (isGone(result)) continue;
    if (!mayGoOn(error)) throw error;
    await expectReadable(file);
    const retryInMs = delayAfter(error, failures);
    yield { state: 'lost', error, retryInMs };
    if (isOffline()) failures = 0;
    await sleepUntilOnline(retryInMs, signal);
    yield { state: 'sending' };
  }
}

/** Browsers tell a file that is gone from a network that is gone by nothing else. @throws FileError */
async function expectReadable(file: Blob): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new FileError('The file cannot be read', { cause });
  }
}

/** Until it is taken, fails or is stopped. */
function attempt(tus: TusUpload, signal: AbortSignal): Promise<HttpResponse | Error> {
  return new Promise((resolve) => {
    const stop = () => {
      void tus.abort();
      resolve(signal.reason);
    };
    const end = (result: HttpResponse | Error) => {
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    signal.addEventListener('abort', stop, { once: true });
    tus.options.onSuccess = ({ lastResponse }) => end(lastResponse);
    tus.options.onError = end;
    tus.start();
  });
}
