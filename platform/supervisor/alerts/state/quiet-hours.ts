/** Whether it is a time such as `22:00-08:00 Europe/Moscow`, the form of ALERT_QUIET_HOURS. */
export function isQuiet(hours: string | undefined, now: Date): boolean {
  if (hours === undefined) return false;
  const [times = '', timeZone = 'UTC'] = hours.split(' ');
  const [from = '', to = ''] = times.split('-');
  const form = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const time = form.format(now);
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
