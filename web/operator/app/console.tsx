import { ProblemError } from '@pandect/client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { OfflineBar } from '../../app/bars/offline-bar.tsx';
import { ClientProvider } from '../../app/client.tsx';
import { LanguageProvider } from '../../app/language.tsx';
import { NewVersionBar } from '../../app/new-version.tsx';
import { isWorthRetrying } from '../../app/problem.tsx';
import { SignInAgain } from '../../app/session/sign-in-again.tsx';
import { ThemeProvider } from '../../app/theme.tsx';
import { ACCESS } from './access.ts';
import { FreshSignIn, FreshSignInProvider } from './fresh-sign-in.tsx';
import { Gate } from './gate.tsx';
import { createHostFetch } from './host-fetch.ts';
import { OneHost } from './hosts.tsx';
import { shownHost } from './place.ts';
import { Shell } from './shell.tsx';

const fetchFromHost = createHostFetch((request) => globalThis.fetch(request), shownHost);

const RETRIES = 1;
const RETRY_MS = 500;

function createQueries(): QueryClient {
  // What an administrator reads is missing, or they are none any longer: the API answers both alike, and asking again tells.
  const check = (error: unknown, key?: readonly unknown[]) => {
    if (error instanceof ProblemError && error.is('not-found') && key?.[0] !== ACCESS[0]) {
      void queries.invalidateQueries({ queryKey: ACCESS });
    }
  };
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => check(error, query.queryKey) }),
    mutationCache: new MutationCache({ onError: (error) => check(error) }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retryDelay: RETRY_MS,
        retry: (failures, error) => failures < RETRIES && isWorthRetrying(error),
      },
      mutations: { retry: false },
    },
  });
  return queries;
}

/** The operator's console: everything that an administrator of the platform sees and does in a browser. */
export function Console() {
  const [queries] = useState(createQueries);
  return (
    <ThemeProvider>
      <LanguageProvider>
        <ClientProvider fetch={fetchFromHost}>
          <QueryClientProvider client={queries}>
            <FreshSignInProvider>
              <OfflineBar />
              <NewVersionBar />
              <Gate>
                <OneHost>
                  <Shell />
                </OneHost>
              </Gate>
              <SignInAgain />
              <FreshSignIn />
            </FreshSignInProvider>
          </QueryClientProvider>
        </ClientProvider>
      </LanguageProvider>
    </ThemeProvider>
  );
}
