const en = {
  actions: { deploy: 'deployed', rollback: 'rolled back', promote: 'canary promoted' } as Record<string, string>,
  restored: 'failed; the release before serves',
};

const ru: typeof en = {
  actions: { deploy: 'развёрнут', rollback: 'откат', promote: 'канарейка принята' },
  restored: 'не удалось; работает прежний выпуск',
};

export const historyWords = { en, ru };
