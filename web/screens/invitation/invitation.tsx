import { useQuery } from '@tanstack/react-query';
import { useClient, useSessionState } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useLetterToken } from '../../app/outside/letter-token.ts';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { Failure } from '../../app/problem.tsx';
import { Loading } from '../../parts/loading.tsx';
import { JoinForm } from './join-form.tsx';
import { SignedInAlready } from './signed-in-already.tsx';
import { words } from './words.ts';

export default function Invitation() {
  const texts = useWords(words);
  const token = useLetterToken();
  const { session } = useClient();
  const state = useSessionState();
  const restored = useQuery({ queryKey: ['restore'], queryFn: () => session.restore(), gcTime: 0 });
  return (
    <OutsideScreen heading={texts.heading}>
      {restored.isPending ? (
        <Loading />
      ) : restored.isError ? (
        <Failure error={restored.error} onRetry={() => void restored.refetch()} />
      ) : state === 'signed-in' ? (
        <SignedInAlready />
      ) : (
        <JoinForm key={token} token={token} />
      )}
    </OutsideScreen>
  );
}
