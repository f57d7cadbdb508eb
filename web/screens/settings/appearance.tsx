import { type Language, useLanguage, useWords } from '../../app/language.tsx';
import { type MeChange, useUpdateMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { type Theme, useTheme } from '../../app/theme.tsx';
import { Choice } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

/** Shows a choice at once, and keeps it with the person. */
export function AppearanceSection() {
  const texts = useWords(words);
  const { language, choose: chooseLanguage } = useLanguage();
  const { theme, choose: chooseTheme } = useTheme();
  const update = useUpdateMe();
  const keep = (change: MeChange) => update.mutate(change);
  return (
    <section className="grid gap-4" aria-labelledby="appearance">
      <h2 id="appearance">{texts.appearance}</h2>
      <Choice<Language>
        label={texts.language}
        value={language}
        options={[
          { value: 'en', text: 'English' },
          { value: 'ru', text: 'Русский' },
        ]}
        onChoose={(chosen) => {
          chooseLanguage(chosen);
          keep({ language: chosen });
        }}
      />
      <Choice<Theme>
        label={texts.theme}
        value={theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({ value, text: texts.themes[value] }))}
        onChoose={(chosen) => {
          chooseTheme(chosen);
          keep({ theme: chosen === 'system' ? null : chosen });
        }}
      />
      {update.isError ? (
        <Failure error={update.error} onRetry={() => keep(update.variables)} />
      ) : update.isSuccess ? (
        <Notice tone="ok">{texts.saved}</Notice>
      ) : null}
    </section>
  );
}
