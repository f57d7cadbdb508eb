/** What dev knows of a unit. */
export interface Built {
  /** `functions/ask`. */
  folder: string;
  /** Files its last release was built from, from the top of the checkout; undefined when there is none. */
  inputs: readonly string[] | undefined;
  /** Its last deploy failed, so a file that is new to it may be the one that mends it. */
  failed: boolean;
}

/** The names of the units that a change of these files may change. */
export function affected(units: ReadonlyMap<string, Built>, changed: readonly string[]): string[] {
  const sources = changed.filter((file) => !file.endsWith('.test.ts'));
  if (sources.length === 0) return [];
  return [...units].flatMap(([name, { folder, inputs, failed }]) => {
    const own = sources.some((file) => file.startsWith(`${folder}/`));
    const known = sources.some((file) => inputs?.includes(file));
    return known || failed || (own && !inputs) ? [name] : [];
  });
}
