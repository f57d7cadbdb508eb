import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Read } from '../../parts/read.tsx';
import { Breakers } from './breakers.tsx';
import { Calls } from './calls.tsx';
import { Keys } from './keys.tsx';
import { Prices } from './prices.tsx';
import { words } from './words.ts';

export default function Gateway() {
  const texts = useWords(words);
  return (
    <Screen heading={texts.heading} wide>
      <Breakers />
      <Routes />
      <Prices />
      <Keys />
      <Calls />
    </Screen>
  );
}

function Routes() {
  const texts = useWords(words);
  const { api } = useClient();
  const routes = useQuery({
    queryKey: ['listConsoleRoutes'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/gateway/routes', { signal })).data,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.routes}</h2>
      <Read query={routes}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{texts.noRoutes}</Empty>
          ) : (
            <Table
              caption={texts.routes}
              rows={rows}
              rowKey={({ route }) => route}
              columns={[
                { heading: texts.route, cell: ({ route }) => <code>{route}</code> },
                { heading: texts.strategy, cell: ({ strategy }) => texts.strategies[strategy] },
                {
                  heading: texts.targets,
                  cell: ({ targets, strategy }) => (
                    <ul className="min-w-56">
                      {targets.map(({ target, model, provider, weight, keys }) => (
                        <li key={target}>
                          {`${provider}: ${model}, ${texts.keys(keys)}`}
                          {strategy === 'weighted' ? `, ${texts.weight(weight)}` : ''}
                        </li>
                      ))}
                    </ul>
                  ),
                },
                { heading: texts.cache, numeric: true, cell: ({ cacheSeconds }) => cacheSeconds },
              ]}
            />
          )
        }
      </Read>
    </div>
  );
}
