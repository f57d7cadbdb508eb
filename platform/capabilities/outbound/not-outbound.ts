import type { Source } from '../../kernel/composition.ts';
import { parseEnvironment, type Variable } from '../../kernel/environment.ts';
import { OUTBOUND_WHITELIST } from '../../kernel/variables.ts';
import { isAllowedHost } from './index.ts';

/** A line when the settings do not let the platform call the server that a variable names. */
export function notOutbound<Name extends string>(server: Variable<Name, string | undefined>, source: Source): string[] {
  const { values } = parseEnvironment<Variable>([server], source);
  const url = values[server.name] as string | undefined;
  return url === undefined ? [] : notAllowed(url, `the host of ${server.name}`, source);
}

/** A line when the settings do not let the platform call a server. @param what the host is, for the line */
export function notAllowed(url: string, what: string, source: Source): string[] {
  const allowed = parseEnvironment<Variable>([OUTBOUND_WHITELIST], source).values.OUTBOUND_WHITELIST as
    | string[]
    | undefined;
  if (allowed === undefined || isAllowedHost(new URL(url), allowed)) return [];
  return [`OUTBOUND_WHITELIST: "${allowed.join(',')}": must name "${new URL(url).host}", ${what}`];
}
