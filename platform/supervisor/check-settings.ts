import { accessSync, constants } from 'node:fs';
import { isAllowedHost } from '../capabilities/outbound/index.ts';
import { ConfigurationError, type Environment, parseEnvironment, variableNames } from '../kernel/environment.ts';

/**
 * Every setting, and what the settings ask of each other: a process that met a mistake by itself would fail at its start,
 * after others have begun to serve.
 * @throws ConfigurationError naming all mistakes, each with what is expected
 */
export function checkSettings(source: Record<string, string | undefined>): Environment {
  const { values, mistakes } = parseEnvironment(variableNames, source);
  const all = [...mistakes, ...mismatches(values)];
  if (all.length > 0) throw new ConfigurationError(all);
  return values as Environment;
}

/** A value that was wrong by itself is missing here, and not complained about twice. */
function mismatches(values: Partial<Environment>): string[] {
  const { ENVIRONMENT, ALLOWED_HOSTS, SMTP_USER, SMTP_PASSWORD } = values;
  const { YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY } = values;
  const found: string[] = [];
  if (ENVIRONMENT === 'production' && ALLOWED_HOSTS?.includes('*')) {
    found.push('ALLOWED_HOSTS: "*": in production it must name the hosts');
  }
  if (values.OPENAI_API_KEY !== undefined || values.AI_EMBEDDING_API_KEY !== undefined) {
    found.push(...notOutbound('OPENAI_BASE_URL', values));
  }
  found.push(...notOutbound('AI_EMBEDDING_BASE_URL', values));
  if (YOOKASSA_SHOP_ID !== undefined) found.push(...notOutbound('YOOKASSA_BASE_URL', values));
  found.push(...together('YOOKASSA_SECRET_KEY', YOOKASSA_SECRET_KEY, 'YOOKASSA_SHOP_ID', YOOKASSA_SHOP_ID));
  found.push(...together('YOOKASSA_SHOP_ID', YOOKASSA_SHOP_ID, 'YOOKASSA_SECRET_KEY', YOOKASSA_SECRET_KEY));
  found.push(...together('SMTP_PASSWORD', SMTP_PASSWORD, 'SMTP_USER', SMTP_USER));
  for (const name of ['SMTP_CA_PATH', 'OPENAI_CA_PATH', 'AI_EMBEDDING_CA_PATH'] as const) {
    const path = values[name];
    if (path !== undefined && !isReadable(path)) found.push(`${name}: "${path}": must be a file that can be read`);
  }
  return found;
}

function notOutbound(
  name: 'OPENAI_BASE_URL' | 'AI_EMBEDDING_BASE_URL' | 'YOOKASSA_BASE_URL',
  values: Partial<Environment>,
): string[] {
  const { [name]: url, OUTBOUND_WHITELIST: allowed } = values;
  if (url === undefined || allowed === undefined || isAllowedHost(new URL(url), allowed)) return [];
  return [`OUTBOUND_WHITELIST: "${allowed.join(',')}": must name "${new URL(url).host}", the host of ${name}`];
}

const together = (name: string, value: unknown, other: string, present: unknown): string[] =>
  value === undefined && present !== undefined ? [`${name}: missing: must be set with ${other}`] : [];

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
