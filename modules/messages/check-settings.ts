import type { Source } from '../../platform/kernel/composition.ts';
import { together } from '../../platform/kernel/environment.ts';
import { SMTP_PASSWORD, SMTP_USER } from './variables.ts';

/** What the settings of the mail server ask of each other: a line for each mistake. */
export const checkMailSettings = (source: Source): string[] => together([SMTP_USER, SMTP_PASSWORD], source);
