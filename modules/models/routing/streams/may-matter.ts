/** Keys whose value says something unless it is null, ends of streams, and names of events. */
const signs =
  /"(?:usage|error|finish_reason|stop_reason)"(?!\s*:\s*null)|\[DONE\]|"message_stop"|"response\.(?!\w+\.)|event: ?error/;

/**
 * Whether an event may hold a count, a finish, an end or an error: all others pass unread once an answer has begun.
 * @param event its bytes, one character each
 */
export const mayMatter = (event: string): boolean => signs.test(event);
