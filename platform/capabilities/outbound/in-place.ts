import type { Dispatcher } from './connect-publicly.ts';
import type { Place } from './places.ts';

/** What a request's handler is told at its end, in the words of either version of undici's interface. */
const ends = ['onComplete', 'onError', 'onResponseEnd', 'onResponseError'];

type Handler = Record<string, unknown>;

/** Sends a request in a place, which is free again when the answer has been read, or cannot be. */
export const inPlace = (dispatcher: Dispatcher, place: Place): Dispatcher => ({
  dispatch: (request, handler) =>
    // `reset` closes the connection after the answer.
    dispatcher.dispatch({ ...request, ...(!place.isKept && { reset: true }) }, releasing(handler as Handler, place)),
});

function releasing(handler: Handler, place: Place): Handler {
  const observed: Handler = Object.create(handler);
  for (const name of ends) {
    const tell = handler[name];
    if (typeof tell !== 'function') continue;
    observed[name] = (...words: unknown[]) => {
      place.release();
      return tell.apply(observed, words);
    };
  }
  return observed;
}
