/** The longest life that an access token can be given, in minutes. */
export const LONGEST_ACCESS_MINUTES = 1440;
