import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { ClientProvider, useClient } from './client.tsx';
import { LanguageProvider } from './language.tsx';
import { isWorthRetrying } from './problem.tsx';
import { createAppRouter } from './router.tsx';
import { ThemeProvider } from './theme.tsx';

const RETRIES = 3;

function Routed() {
  const client = useClient();
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 15_000,
            retry: (failures, error) => failures < RETRIES && isWorthRetrying(error),
          },
          mutations: { retry: false },
        },
      }),
  );
  const [router] = useState(() => createAppRouter({ client, queries }));
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

export function App() {
  return (
    <ThemeProvider>
      <LanguageProvider>
        <ClientProvider>
          <Routed />
        </ClientProvider>
      </LanguageProvider>
    </ThemeProvider>
  );
}
