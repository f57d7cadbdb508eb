import { z } from 'zod';

/**
 * How environment variables are defined and read. The platform's stand in `variables.ts`, those of a module in the file of that name
 * there: what each means, what it may be, and its default. `.env.example` is the same list for people; a test holds both together.
 */

export interface Variable<Name extends string = string, Value = unknown> {
  readonly name: Name;
  /** Made when the variable is read, so that a process pays for no other. */
  readonly schema: Schema<Value>;
  readonly about: string;
  /** Never printed, never passed to a process that does not read it. */
  readonly secret: boolean;
  /**
   * What the value is the path of: the operator's file or a key of the platform, which processes read, or a folder that they write. A
   * secret key is named by its file; only units that read the variable may open it.
   */
  readonly path?: 'file' | 'key' | { secretKey: string } | { folder: HomeFolder };
}

/** What the supervisor looks at. */
export type KnownVariable = Pick<Variable, 'name' | 'path'>;

/** The file of the secret key that a variable names the path of, in the home's folder of keys; undefined for other variables. */
export const secretKeyOf = ({ path }: KnownVariable): string | undefined =>
  typeof path === 'object' && 'secretKey' in path ? path.secretKey : undefined;

/** Folders of the home that processes share. */
export type HomeFolder = 'files' | 'vectors' | 'calls';

type Schema<Value> = () => z.ZodType<Value>;

/** The values of variables by their names. */
export type Environment<V extends Variable> = { [Each in V as Each['name']]: ValueOf<Each> };
type ValueOf<V> = V extends Variable<string, infer Value> ? Value : never;

/*
 * A definition begins with its name, as a literal: the build finds the definitions in a bundle, which holds those that its code
 * uses and no others (`supervisor/release/lean.ts`), and gives the unit's processes these variables alone.
 */

export function defineVariable<const Name extends string, T extends z.ZodType>(
  name: Name,
  schema: () => T,
  about: string,
): Variable<Name, z.output<T>> {
  return { name, schema: schema as Schema<z.output<T>>, about, secret: false };
}

export function defineSecret<const Name extends string, T extends z.ZodType>(
  name: Name,
  schema: () => T,
  about: string,
): Variable<Name, z.output<T>> {
  return { name, schema: schema as Schema<z.output<T>>, about, secret: true };
}

/** A whole number, optional without a default. The range stands in the description, so that `.env.example` names it. */
export function defineNumber<const Name extends string, Default extends number | undefined>(
  name: Name,
  [min, max]: readonly [min: number, max: number],
  value: Default,
  about: string,
): Variable<Name, number | Extract<Default, undefined>> {
  const schema = () => integer(min, max, value);
  return { name, schema: schema as Schema<never>, about: `${about} (${min} to ${max})`, secret: false };
}

/** The path of a file that the operator has; unset by default. */
export function defineFile<const Name extends string>(name: Name, about: string): Variable<Name, string | undefined> {
  return { name, schema: () => z.string().optional(), about, secret: false, path: 'file' };
}

/** The path of a folder, by default the one of that name in the home. */
export function defineFolder<const Name extends string>(
  name: Name,
  folder: HomeFolder,
  about: string,
): Variable<Name, string> {
  return { name, schema: () => z.string().default(`.pandect/${folder}`), about, secret: false, path: { folder } };
}

/** The path of a key that the platform makes at its first start. */
export function defineKey<const Name extends string>(name: Name, file: string, about: string): Variable<Name, string> {
  return { name, schema: () => z.string().default(`.pandect/keys/${file}`), about, secret: false, path: 'key' };
}

/** The same of 256 random bits, in base64url, that only the units which read the variable may open. */
export function defineSecretKey<const Name extends string>(
  name: Name,
  file: string,
  about: string,
): Variable<Name, string> {
  const schema = () => z.string().default(`.pandect/keys/${file}`);
  return { name, schema, about, secret: false, path: { secretKey: file } };
}

/* What several variables may be. */

export const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be a URL with ${protocols.join(' or ')}`,
  });
/** The address of a server: no path, no query, no user. */
export const origin = () =>
  z.string().refine(
    (value) => {
      if (!URL.canParse(value)) return false;
      const { protocol, href, host } = new URL(value);
      return ['http:', 'https:'].includes(protocol) && href === `${protocol}//${host}/`;
    },
    { message: 'must be a URL with http: or https:, without a path' },
  );
export const choice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A number with exactly so many digits; it may begin with zeros. */
export const digits = (...lengths: number[]) =>
  z.string().refine((value) => /^\d+$/.test(value) && lengths.includes(value.length), {
    message: `must be ${lengths.join(' or ')} digits`,
  });
export const flag = () => choice('true', 'false', '1', '0').transform((value) => value === 'true' || value === '1');
export const list = () =>
  z.string().transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** Whether this is a name of the time zone database that this process knows, or none. */
export function isTimeZone(name: string | undefined): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

function integer(min: number, max: number, value: number | undefined): z.ZodType {
  const error = `must be a whole number from ${min} to ${max}`;
  const schema = z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
  return value === undefined ? schema.optional() : schema.default(value);
}

/** A line when one of two variables is set without the other that it needs. */
export const together = (
  [set, needed]: readonly [set: Variable, needed: Variable],
  source: Record<string, string | undefined>,
): string[] =>
  source[set.name] && !source[needed.name] ? [`${needed.name}: missing: must be set with ${set.name}`] : [];

/** Thrown once for all mistakes together, so that an operator mends them in one go. */
export class ConfigurationError extends Error {
  readonly mistakes: string[];
  constructor(mistakes: string[]) {
    super(`Read configuration: ${mistakes.length} mistake(s)\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

/**
 * Reads the named variables. An empty string counts as unset, as in a line `NAME=` of an env file.
 * @throws ConfigurationError naming every variable that is missing or wrong. Values of secrets are not repeated.
 */
export function readEnvironment<V extends Variable>(
  variables: readonly V[],
  source: Record<string, string | undefined> = process.env,
): Environment<V> {
  const { values, mistakes } = parseEnvironment(variables, source);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return values as Partial<unknown> as Environment<V>;
}

/** The values that are good, and a line for each that is not, as `readEnvironment` reads them. */
export function parseEnvironment<V extends Variable>(
  variables: readonly V[],
  source: Record<string, string | undefined>,
): { values: Partial<Environment<V>>; mistakes: string[] } {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const { name, schema, secret: isSecret } of variables) {
    const raw = source[name] === '' ? undefined : source[name];
    const result = schema().safeParse(raw);
    if (result.success) values[name] = result.data;
    else {
      const shown = raw === undefined ? 'missing' : isSecret ? 'wrong value' : `"${raw}"`;
      mistakes.push(`${name}: ${shown}: ${[...new Set(result.error.issues.map(({ message }) => message))].join('; ')}`);
    }
  }
  return { values: values as Partial<Environment<V>>, mistakes };
}
