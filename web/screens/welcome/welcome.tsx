import { useQueryClient } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { OwnerForm } from '../../app/outside/owner-form.tsx';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { words } from './words.ts';

export default function Welcome() {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  return (
    <OutsideScreen heading={texts.heading}>
      <p>{texts.explain}</p>
      <OwnerForm
        submit={texts.submit}
        create={async (owner) => {
          const { data } = await api.POST('/api/setup', { body: owner });
          queries.setQueryData(['readSetup'], { open: false });
          return data;
        }}
      />
      <p className="text-sm text-muted">{texts.operator}</p>
    </OutsideScreen>
  );
}
