/** Whether this is a name of the time zone database that this process knows, or none. */
export function isTimeZone(name: string | undefined): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}
