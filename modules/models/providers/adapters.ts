import type { Adapter, ProviderKind } from './adapter.ts';

/** The adapter of a kind, loaded when it is first asked for. */
export type AdapterOf = (kind: ProviderKind) => Promise<Adapter>;

const loaders: Readonly<Partial<Record<ProviderKind, () => Promise<Adapter>>>> = {
  async openai() {
    const [{ createOpenAiAdapter }, { chatDialect }] = await Promise.all([
      import('./openai/adapter.ts'),
      import('../dialects/index.ts'),
    ]);
    return createOpenAiAdapter([chatDialect]);
  },
  async local() {
    const [{ createLocalAdapter }, { chatDialect }] = await Promise.all([
      import('./local/adapter.ts'),
      import('../dialects/index.ts'),
    ]);
    return createLocalAdapter(chatDialect);
  },
};

/** Adapters of all kinds; a process loads only those of the kinds that it calls. */
export function createAdapters(): AdapterOf {
  const loaded = new Map<ProviderKind, Promise<Adapter>>();
  return (kind) => {
    const adapter = loaded.get(kind) ?? load(kind);
    loaded.set(kind, adapter);
    return adapter;
  };
}

async function load(kind: ProviderKind): Promise<Adapter> {
  const loader = loaders[kind];
  if (!loader) throw new Error(`Load the adapter of "${kind}": no such kind`);
  return loader();
}
