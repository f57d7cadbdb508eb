/** Where a platform's home lies unless the environment names another place. */
export const DEFAULT_HOME = '.pandect';

/**
 * The home that the environment names. Apart from the other variables: a command that only talks to the running platform
 * needs nothing else, and what checks those takes a third of its start.
 */
export const homePath = (): string => process.env.PANDECT_HOME || DEFAULT_HOME;
