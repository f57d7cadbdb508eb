import { ConfigurationError } from '../kernel/environment.ts';

/**
 * Where a process is reached: at a unix socket that the supervisor names, or at ports, where nothing supervises it but what started it, such
 * as a pod. What only that may ask, of readiness and figures, then has a port of its own; of a worker it is the only one.
 */
export type Endpoint = { socket: string } | { port: number; control: number };

type Source = Readonly<Record<string, string | undefined>>;

const DEFAULT_CONTROL_PORT = '8081';

/** @throws ConfigurationError naming what is missing or wrong */
export function readEndpoint(kind: 'function' | 'worker', source: Source = process.env): Endpoint {
  const { PANDECT_SOCKET: socket, PORT, CONTROL_PORT } = source;
  if (socket) return { socket };
  const isGiven = kind === 'function' ? PORT : CONTROL_PORT;
  if (!isGiven) {
    const wanted = kind === 'function' ? 'PORT' : 'CONTROL_PORT';
    throw new ConfigurationError([`${wanted}: missing: must be set where pandect does not start the process itself`]);
  }
  const control = CONTROL_PORT || DEFAULT_CONTROL_PORT;
  const mistakes = Object.entries({ ...(kind === 'function' && { PORT }), CONTROL_PORT: control }).flatMap(
    ([name, value]) => (isPort(value) ? [] : [`${name}: "${value}": must be a whole number from 1 to 65535`]),
  );
  if (kind === 'function' && PORT === control) mistakes.push(`CONTROL_PORT: "${control}": must differ from PORT`);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return { port: Number(kind === 'function' ? PORT : control), control: Number(control) };
}

/** Whether no supervisor names a socket, but something else ports. */
export const isAlone = ({ PANDECT_SOCKET, PORT, CONTROL_PORT }: Source): boolean =>
  !PANDECT_SOCKET && Boolean(PORT || CONTROL_PORT);

const isPort = (value: string | undefined): boolean =>
  /^\d{1,5}$/.test(value ?? '') && Number(value) >= 1 && Number(value) <= 65_535;
