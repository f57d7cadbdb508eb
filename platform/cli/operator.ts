import { userInfo } from 'node:os';

/** The login name of who gives a command: anyone who became root by sudo, or the user of this process. */
export function operator(environment: Record<string, string | undefined> = process.env): string {
  if (environment.SUDO_USER) return environment.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have a number and no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
