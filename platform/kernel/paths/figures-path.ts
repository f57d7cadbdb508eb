/** Where a process leaves its last metrics when it ends, for the supervisor to add to the platform's. */
export const figuresPath = (socket: string): string => `${socket}.metrics`;
