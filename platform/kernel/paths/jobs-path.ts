/** Where a worker writes which jobs it works on, for the supervisor to give back when the process is gone. */
export const jobsPath = (socket: string): string => `${socket}.jobs`;

/** What it is before it is whole. */
export const jobsDraftPath = (path: string): string => `${path}.draft`;
