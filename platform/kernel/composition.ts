import type { Variable } from './environment.ts';
import type { ProblemDefinition } from './problem.ts';

/** Settings as they are given, by the names of variables. */
export type Source = Readonly<Record<string, string | undefined>>;

/** What an examination found. A warning is worth a look; what fails keeps the platform from working as it should. */
export interface Verdict {
  state: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it. */
  hint?: string;
}

/** A restored database, before anything of the platform runs on it. */
export interface RestoredData {
  /** Of a role that sees every organization. */
  databaseUrl: string;
  /** What it is as of. */
  at: Date;
  /** What had been erased by the time of the restore; each may be gone already. */
  erased: readonly { kind: string; id: string; at?: Date | undefined }[];
  settings: Source;
}

/** What the platform, or a module, adds to the whole. */
export interface Part {
  /** All exports of its `problems.ts`. */
  problems?: Readonly<Record<string, ProblemDefinition>>;
  /** All exports of its `variables.ts`. */
  variables?: Readonly<Record<string, Variable>>;
  /** What its settings ask of each other: a line for each mistake. Settings that are wrong by themselves count as unset. */
  checkSettings?: (settings: Source) => string[];
  /** What `pandect doctor` examines for it, by the name that it shows. */
  examine?: Readonly<Record<string, (settings: Source) => Promise<Verdict>>>;
  /** What a drill proves about a restored database, given the owner's connection string, by the name that it shows. */
  drill?: Readonly<Record<string, (databaseUrl: string) => Promise<Verdict>>>;
  /** What it sets right in a restored database, by the name that is shown; it may be done again. What fails is told and stops nothing. */
  afterRestore?: Readonly<Record<string, (restored: RestoredData) => Promise<Verdict>>>;
}

/** All parts together, for what looks at the whole: documentation, checks, the supervisor. Processes hold what they use. */
export interface Composition {
  readonly problems: readonly ProblemDefinition[];
  readonly variables: readonly Variable[];
  readonly checkSettings: (settings: Source) => string[];
  readonly examine: NonNullable<Part['examine']>;
  readonly drill: NonNullable<Part['drill']>;
  readonly afterRestore: NonNullable<Part['afterRestore']>;
}

/** Loads what all modules define, for the few commands that need it. */
export type LoadComposition = () => Promise<Composition>;

/** @throws when two parts define the same */
export function compose(parts: Readonly<Record<string, Part>>): Composition {
  const all = Object.values(parts);
  return {
    problems: join(parts, 'problem', ({ problems = {} }) => Object.values(problems).map((each) => [each.type, each])),
    variables: join(parts, 'variable', ({ variables = {} }) =>
      Object.values(variables).map((each) => [each.name, each]),
    ),
    checkSettings: (settings) => all.flatMap((part) => part.checkSettings?.(settings) ?? []),
    examine: Object.assign({}, ...all.map(({ examine }) => examine)),
    drill: Object.assign({}, ...all.map(({ drill }) => drill)),
    afterRestore: Object.assign({}, ...all.map(({ afterRestore }) => afterRestore)),
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
