import { constants, setPriority } from 'node:os';

/** Lets requests of people go first from now on: this process and all that it starts. */
export const giveWay = () => setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
