/** Work that is done once, and let go of with all that it holds when it begins. @throws when it is asked for again */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let next: (() => Promise<T>) | undefined = work;
  return () => {
    if (!next) throw new Error('Do work: it was done before');
    const begun = next();
    next = undefined;
    return begun;
  };
}
