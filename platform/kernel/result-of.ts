/** What a generator returns, after everything that it yields. @throws what it throws */
export async function resultOf<T>(events: AsyncGenerator<unknown, T>): Promise<T> {
  while (true) {
    const { done, value } = await events.next();
    if (done) return value;
  }
}
