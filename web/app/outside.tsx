import { Outlet } from '@tanstack/react-router';
import { useLanguage } from './language.tsx';

/** The frame of screens before sign-in: the name, the form, and the choice of language. */
export default function Outside() {
  const { language, choose } = useLanguage();
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto]">
      <header className="px-6 pt-6">
        <p className="font-serif text-xl font-semibold">Pandect</p>
      </header>
      <main className="mx-auto grid w-full max-w-md content-center gap-5 p-6">
        <Outlet />
      </main>
      <footer className="flex justify-center gap-4 p-6 text-sm">
        {(['en', 'ru'] as const).map((tag) => (
          <button
            key={tag}
            type="button"
            lang={tag}
            aria-pressed={language === tag}
            className="rounded px-2 py-1 text-muted aria-pressed:font-semibold aria-pressed:text-ink"
            onClick={() => choose(tag)}
          >
            {tag === 'en' ? 'English' : 'Русский'}
          </button>
        ))}
      </footer>
    </div>
  );
}
