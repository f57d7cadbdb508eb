import type { Source } from '../../kernel/composition.ts';
import { parseEnvironment, type Variable } from '../../kernel/environment.ts';
import { OUTBOUND_WHITELIST } from '../../kernel/variables.ts';
import { isAllowedHost } from './index.ts';

/** A line when the settings do not let the platform call the server that a variable names. */
export function notOutbound<Name extends string>(server: Variable<Name, string | undefined>, source: Source): string[] {
  const { values } = parseEnvironment<Variable>([server, OUTBOUND_WHITELIST], source);
  const url = values[server.name] as string | undefined;
  const allowed = values.OUTBOUND_WHITELIST as string[] | undefined;
  if (url === undefined || allowed === undefined || isAllowedHost(new URL(url), allowed)) return [];
  return [`OUTBOUND_WHITELIST: "${allowed.join(',')}": must name "${new URL(url).host}", the host of ${server.name}`];
}
