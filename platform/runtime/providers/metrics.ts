import type { Metrics } from '../../kernel/telemetry/metrics.ts';
import type { Boot } from '../boot.ts';

export const metrics = (boot: Boot): Metrics => boot.metrics;
