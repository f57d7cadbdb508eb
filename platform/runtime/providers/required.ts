import { ConfigurationError, type VariableName } from '../../kernel/environment.ts';

/** The supervisor always sets these for processes whose manifest names them. @throws ConfigurationError */
export function required<T>(name: VariableName, value: T | undefined): T {
  if (value === undefined) throw new ConfigurationError([`${name}: missing: name it in the manifest's env`]);
  return value;
}
