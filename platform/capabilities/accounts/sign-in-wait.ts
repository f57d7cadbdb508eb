/** So many wrong passwords in a row are free. */
const FREE = 5;
const FIRST_WAIT = 15;
const LONGEST_WAIT = 15 * 60;

/** Seconds that nobody may sign in with an address after so many wrong passwords in a row: 15, doubled with each, up to 900. */
export const signInWait = (failures: number): number =>
  failures < FREE ? 0 : Math.min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT);
