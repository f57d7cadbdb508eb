/** Jobs that one request names. */
const TOGETHER = 200;

/**
 * Changes jobs part by part, each under a key that follows from the one given: the same again after a failure changes no part twice.
 * @returns how many were changed
 */
export async function actInParts(
  ids: readonly string[],
  key: string,
  act: (part: string[], key: string) => Promise<{ done: number }>,
): Promise<{ done: number }> {
  let done = 0;
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const partKey = from === 0 ? key : `${key}-${from}`;
    done += (await act(ids.slice(from, from + TOGETHER), partKey)).done;
  }
  return { done };
}
