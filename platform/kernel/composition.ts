import type { ProblemDefinition } from './problem.ts';

/** What the platform, or a module, adds to the whole: all exports of its `problems.ts`. */
export interface Part {
  problems?: Readonly<Record<string, ProblemDefinition>>;
}

/** All parts together, for what looks at the whole: documentation, checks, the supervisor. Processes hold what they use. */
export interface Composition {
  readonly problems: readonly ProblemDefinition[];
}

/** @throws when two parts define the same */
export function compose(parts: Readonly<Record<string, Part>>): Composition {
  return {
    problems: join(parts, 'problem', ({ problems = {} }) => Object.values(problems).map((each) => [each.type, each])),
  };
}

function join<T>(
  parts: Readonly<Record<string, Part>>,
  what: string,
  definedBy: (part: Part) => [name: string, definition: T][],
): T[] {
  const owners = new Map<string, string>();
  return Object.entries(parts).flatMap(([owner, part]) =>
    definedBy(part).map(([name, definition]) => {
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`Compose ${what} "${name}": defined by ${other} and by ${owner}`);
      owners.set(name, owner);
      return definition;
    }),
  );
}
