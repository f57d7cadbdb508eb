import { type Language, useLanguage } from '../app/language.tsx';

const styles = {
  day: { dateStyle: 'medium' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

type Style = keyof typeof styles;

/** Making one takes longer than all else that a row of a list needs. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: Language, style: Style): Intl.DateTimeFormat {
  const key = `${language} ${style}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, styles[style]);
  formats.set(key, format);
  return format;
}

/** A moment in the person's zone; the same in UTC on hover. */
export function Time({ at, to = 'minute' }: { at: string; to?: Style }) {
  const { language } = useLanguage();
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toISOString()} className="whitespace-nowrap">
      {formatOf(language, to).format(date)}
    </time>
  );
}
