/** Of a text in characters: longer ones are no one's usual ones, and would take much memory. */
const LONGEST = 200;

/** The same function, which keeps its latest answers: at most so many, and all of them go when there are more. */
export function remember<T>(most: number, work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || text.length > LONGEST) return found ?? work(text);
    const made = work(text);
    if (known.size >= most) known.clear();
    known.set(text, made);
    return made;
  };
}
