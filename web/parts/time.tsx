import { useLanguage } from '../app/language.tsx';

const styles = {
  day: { dateStyle: 'medium' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A moment in the person's zone; the same in UTC on hover. */
export function Time({ at, to = 'minute' }: { at: string; to?: keyof typeof styles }) {
  const { language } = useLanguage();
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toISOString()} className="whitespace-nowrap">
      {new Intl.DateTimeFormat(language, styles[to]).format(date)}
    </time>
  );
}
