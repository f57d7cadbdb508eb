import { useLanguage, useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { formatMoney } from '../../../parts/money.ts';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { figureWords } from '../../parts/figure-words.ts';
import { useFigureText } from '../../parts/plan-figures.tsx';
import { Read } from '../../parts/read.tsx';
import { usePlans } from '../../parts/use-plans.ts';
import { words } from './words.ts';

const shown = ['questionsPerDay', 'questionsPerMonth', 'documents', 'storageBytes', 'users'] as const;

export default function Plans() {
  const texts = useWords(words);
  const figures = useWords(figureWords);
  const figureText = useFigureText();
  const { language } = useLanguage();
  const plans = usePlans();
  return (
    <Screen heading={texts.heading} wide>
      <p className="text-muted">{texts.about}</p>
      <Read query={plans}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{texts.none}</Empty>
          ) : (
            <Table
              caption={texts.heading}
              rows={items}
              rowKey={({ tier }) => tier}
              columns={[
                {
                  heading: texts.name,
                  cell: ({ tier, name }) => (
                    <>
                      <Go to={`/plans/${segment(tier)}`} dir="auto">
                        {name[language]}
                      </Go>{' '}
                      <code className="block text-muted">{tier}</code>
                    </>
                  ),
                },
                {
                  heading: texts.price,
                  numeric: true,
                  cell: ({ price }) => (price === 0 ? texts.free : formatMoney(language, price)),
                },
                ...shown.map((figure) => ({
                  heading: figures.figures[figure],
                  numeric: true,
                  cell: (plan: (typeof items)[number]) => figureText(figure, plan[figure]),
                })),
              ]}
            />
          )
        }
      </Read>
    </Screen>
  );
}
