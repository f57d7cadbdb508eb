import type { Alerts, AlertsOptions } from './alerts.ts';
import { createAlerts } from './create-alerts.ts';

/** As often as Prometheus does. */
const EVERY_MS = 15_000;

/** Evaluates the rules all the time until it is stopped. */
export async function startAlerts(options: AlertsOptions): Promise<Alerts> {
  const alerts = await createAlerts(options);
  let current: Promise<void> | undefined;
  const timer = setInterval(() => {
    current ??= alerts
      .tick()
      .catch((error: unknown) => options.log.error({ error }, 'Alerts were not evaluated; it is tried again'))
      .finally(() => {
        current = undefined;
      });
  }, EVERY_MS);
  timer.unref();
  return {
    ...{ tick: () => alerts.tick(), list: () => alerts.list(), test: () => alerts.test(), idle: () => alerts.idle() },
    ...{ silence: (silence) => alerts.silence(silence), endSilence: (silence) => alerts.endSilence(silence) },
    async stop() {
      clearInterval(timer);
      await current;
      await alerts.stop();
    },
  };
}
