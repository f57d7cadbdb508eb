import { Outlet } from '@tanstack/react-router';
import { OfflineBar } from './bars/offline-bar.tsx';
import { NewVersionBar } from './new-version.tsx';
import { SignInAgain } from './session/sign-in-again.tsx';
import { Shortcuts } from './shortcuts.tsx';

export function Root() {
  return (
    <>
      <OfflineBar />
      <NewVersionBar />
      <Outlet />
      <Shortcuts />
      <SignInAgain />
    </>
  );
}
