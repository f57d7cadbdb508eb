import { useWords } from '../app/language.tsx';

const words = { en: { loading: 'Loading…' }, ru: { loading: 'Загрузка…' } };

export function Loading() {
  const texts = useWords(words);
  return (
    <p role="status" className="py-8 text-center text-muted">
      {texts.loading}
    </p>
  );
}
