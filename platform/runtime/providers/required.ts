import { ConfigurationError } from '../../kernel/environment.ts';

/** The supervisor sets these for all processes that read them. @throws ConfigurationError */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ConfigurationError([`${name}: missing: this process cannot do without it`]);
  return value;
}
