import { useEffect, useRef } from 'react';
import { useLanguage } from './language.tsx';
import { useMe } from './me.ts';
import { useTheme } from './theme.tsx';

/** Shows the page in the language and colours that the person has chosen on any device. */
export function useOwnSettings(): void {
  const me = useMe();
  const { choose: chooseLanguage } = useLanguage();
  const { choose: chooseTheme } = useTheme();
  const choices = useRef({ chooseLanguage, chooseTheme });
  const known = me !== undefined;
  const language = me?.language;
  const theme = me?.theme ?? 'system';
  // Only when the server says something else: a choice on this page is ahead of it.
  useEffect(() => {
    if (language) choices.current.chooseLanguage(language);
  }, [language]);
  useEffect(() => {
    if (known) choices.current.chooseTheme(theme);
  }, [known, theme]);
}
