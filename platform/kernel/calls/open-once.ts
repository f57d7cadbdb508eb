/** What is held under a key, opened by the first who asks for it; a failure is not remembered. */
export function openOnce<K, V>(opened: Map<K, Promise<V>>, key: K, open: () => Promise<V>): Promise<V> {
  const held = opened.get(key);
  if (held) return held;
  const opening = open();
  opened.set(key, opening);
  opening.catch(() => opened.delete(key));
  return opening;
}
