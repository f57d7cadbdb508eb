import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';

export type Language = 'en' | 'ru';

export interface LanguageChoice {
  language: Language;
  /** Changes the language of the page at once and remembers it on this device. */
  choose(language: Language): void;
}

const STORED = 'pandect-language';
const Choice = createContext<LanguageChoice | undefined>(undefined);

function initialLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'ru') return stored;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('ru')) ? 'ru' : 'en';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      choose(chosen: Language) {
        localStorage.setItem(STORED, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <Choice value={choice}>{children}</Choice>;
}

export function useLanguage(): LanguageChoice {
  const choice = use(Choice);
  if (!choice) throw new Error('Read language: the component is outside of LanguageProvider');
  return choice;
}

/** The words of a screen in the language of the person. A word missing in one language is a compile error. */
export function useWords<Words>(words: Record<Language, Words>): Words {
  return words[useLanguage().language];
}
