import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';

/** `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark';

interface ThemeChoice {
  theme: Theme;
  /** Changes the colours at once and remembers them on this device. */
  choose(theme: Theme): void;
}

const STORED = 'pandect-theme';
const Choice = createContext<ThemeChoice | undefined>(undefined);
const darkDevice = () => matchMedia('(prefers-color-scheme: dark)');

function initialTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState(initialTheme);
  useEffect(() => {
    const show = () => {
      const dark = theme === 'dark' || (theme === 'system' && darkDevice().matches);
      document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    };
    show();
    const device = darkDevice();
    device.addEventListener('change', show);
    return () => device.removeEventListener('change', show);
  }, [theme]);
  const choice = useMemo(
    () => ({
      theme,
      choose(chosen: Theme) {
        localStorage.setItem(STORED, chosen);
        setTheme(chosen);
      },
    }),
    [theme],
  );
  return <Choice value={choice}>{children}</Choice>;
}

export function useTheme(): ThemeChoice {
  const choice = use(Choice);
  if (!choice) throw new Error('Read theme: the component is outside of ThemeProvider');
  return choice;
}
