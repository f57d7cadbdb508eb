import { useSyncExternalStore } from 'react';
import { useWords } from '../language.tsx';

const words = {
  en: { offline: 'You are offline. What you typed is kept; the page continues when the network is back.' },
  ru: { offline: 'Нет подключения к сети. Введённое сохранено; работа продолжится, когда сеть появится.' },
};

function follow(change: () => void) {
  window.addEventListener('online', change);
  window.addEventListener('offline', change);
  return () => {
    window.removeEventListener('online', change);
    window.removeEventListener('offline', change);
  };
}

export function useOnline(): boolean {
  return useSyncExternalStore(follow, () => navigator.onLine);
}

export function OfflineBar() {
  const texts = useWords(words);
  const online = useOnline();
  return (
    <div role="status" className="sticky top-0 z-30">
      {online ? null : <p className="bg-warn-soft px-4 py-1 text-center text-sm text-warn">{texts.offline}</p>}
    </div>
  );
}
