import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import type { ScreenProps } from '../../app/screens.ts';
import { Facts } from '../../parts/facts.tsx';
import { formatAge } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { SeverityBadge } from '../alerts/severity-badge.tsx';
import { SilenceButton } from '../alerts/silence.tsx';
import { useAlerts } from '../alerts/use-alerts.ts';
import { words } from '../alerts/words.ts';
import { stepParts } from './step-parts.ts';

type Alerts = Schemas['ConsoleAlerts'];
type Rule = Alerts['rules'][number];

/** What to do at one alert, and where it fires now. */
export default function AlertScreen({ params: { rule: name = '' } }: ScreenProps) {
  const texts = useWords(words);
  const alerts = useAlerts();
  return (
    <Screen heading={name}>
      <p>
        <Go to="/alerts">{texts.heading}</Go>
      </p>
      <Read query={alerts}>
        {(data) => {
          const rule = data.rules.find((each) => each.name === name);
          if (!rule) return <Empty>{texts.noRule}</Empty>;
          return <Shown rule={rule} alerts={data.alerts.filter((alert) => alert.rule === name)} />;
        }}
      </Read>
    </Screen>
  );
}

function Shown({ rule, alerts }: { rule: Rule; alerts: Alerts['alerts'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <>
      <Facts
        facts={[
          [texts.severity, <SeverityBadge key="severity" severity={rule.severity} />],
          [texts.what, <Step key="what" text={rule.sentence} />],
          [texts.threshold, rule.threshold ?? '–'],
          [texts.lasting, rule.forSeconds > 0 ? formatAge(language, rule.forSeconds) : '–'],
          [texts.onHost, <Step key="command" text={`\`${rule.command}\``} />],
          [texts.inDocs, <code key="docs">{rule.help}</code>],
        ]}
      />
      <h2>{texts.help}</h2>
      <ol lang="en" className="list-decimal space-y-2 pl-6">
        {rule.steps.map((step) => (
          <li key={step}>
            <Step text={step} />
          </li>
        ))}
      </ol>
      <h2>{texts.now}</h2>
      {alerts.length === 0 ? <Empty>{texts.notNow}</Empty> : null}
      <ul className="grid gap-3">
        {alerts.map((alert) => (
          <li key={JSON.stringify(alert.labels)} className="flex flex-wrap items-center gap-3 text-sm">
            <span>
              {alert.sentence} <Time at={alert.since} />
            </span>
            <Go to={alert.screen}>{texts.cause}</Go>
            <SilenceButton alert={alert} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A sentence of a rule: commands stand out, labels are named. */
const Step = ({ text }: { text: string }) => (
  <span lang="en">
    {stepParts(text).map(({ at, isCode, text: part }) => (isCode ? <code key={at}>{part}</code> : part))}
  </span>
);
