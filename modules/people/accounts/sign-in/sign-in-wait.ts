/** So many wrong passwords in a row are free. */
const FREE = 5;
const FIRST_WAIT = 15;
const LONGEST_WAIT = 15 * 60;

/** Seconds to wait after so many wrong passwords in a row: 15 after five, doubled with each further one, up to 900. */
export const signInWait = (failures: number): number =>
  failures < FREE ? 0 : Math.min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT);

/** The same for a count that more wrong passwords are free of. */
export const waitAfter = (failures: number, free: number): number => signInWait(failures - free + FREE);

/** Wrong passwords that are free: for an account from one client or one known device, for it from all, and from one client. */
export const freeAttempts = { pair: FREE, account: 50, client: 30 } as const;
/** Seconds after which one wrong password of a client, whatever the account, is forgotten. */
export const CLIENT_FORGETS_SECONDS = 60;
