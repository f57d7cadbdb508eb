import { useMutation } from '@tanstack/react-query';
import { Button } from '../../parts/button.tsx';
import { useClient } from '../client.tsx';
import { useWords } from '../language.tsx';
import { useMe } from '../me.ts';
import { useFailureText } from '../problem.tsx';

const words = {
  en: {
    ask: (email: string) => `Please confirm your address: open the link in the e-mail to ${email}.`,
    again: 'Send the e-mail again',
    sent: 'The e-mail is on its way. Check the spam folder too.',
  },
  ru: {
    ask: (email: string) => `Подтвердите адрес: перейдите по ссылке в письме, отправленном на ${email}.`,
    again: 'Отправить письмо ещё раз',
    sent: 'Письмо отправлено. Проверьте также папку «Спам».',
  },
};

/** Asks to confirm the address until that is done; keys and invitations need it. */
export function ConfirmBar() {
  const texts = useWords(words);
  const describe = useFailureText();
  const { api } = useClient();
  const me = useMe();
  const send = useMutation({ mutationFn: () => api.POST('/api/auth/resend-confirmation', {}) });
  if (!me || me.emailConfirmed) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-3 border-b border-line bg-accent-soft px-4 py-1 text-sm"
    >
      <span>{send.isError ? describe(send.error) : send.isSuccess ? texts.sent : texts.ask(me.email)}</span>
      {send.isSuccess ? null : (
        <Button kind="quiet" busy={send.isPending} onClick={() => send.mutate()}>
          {texts.again}
        </Button>
      )}
    </div>
  );
}
