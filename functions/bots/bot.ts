import { z } from '@hono/zod-openapi';
import { packFields, packsOf, settingFields, skillNames } from '../../modules/bots/records/settings.ts';
import { words } from '../../platform/runtime/http/operation.ts';

const token = z
  .string()
  .regex(/^\d{5,20}:[\w-]{20,100}$/, { message: 'must be a token as BotFather shows it' })
  .openapi({ description: 'As BotFather shows it; kept encrypted and never shown' });

const pack = z.strictObject({
  ...packFields,
  price: packFields.price.optional().openapi({ description: 'Kopecks, where it is sold for roubles too' }),
});

const { free, route, reversed, adultsOnly, referralBonus, terms } = settingFields;
const settings = z
  .strictObject({
    free: free.strict().optional().openapi({ description: 'Units of each person a day' }),
    route: route.optional().openapi({ description: 'Route of the gateway' }),
    reversed: reversed.optional().openapi({ description: 'Whether cards may lie reversed' }),
    adultsOnly: adultsOnly.optional().openapi({ description: 'Whether people say once that they are 18 or older' }),
    referralBonus: referralBonus.optional().openapi({ description: 'Units for a new person and who invited' }),
    support: words(200).optional().openapi({ description: 'To whom people write about payments' }),
    packs: packsOf(pack).optional(),
    terms: terms.optional(),
  })
  .openapi('BotSettings');

const skills = z.array(z.enum(skillNames)).min(1).max(skillNames.length);
const timeZone = z.string().min(1).max(60).openapi({ example: 'Europe/Moscow' });

export const newBotSchema = z.strictObject({
  token,
  skills: skills.openapi({ description: 'What it can do; the first answers what is meant for none' }),
  timeZone: timeZone.default('Europe/Moscow').openapi({ description: 'At whose midnight free units come back' }),
  settings: settings.default({}),
});

export const botChangesSchema = z
  .strictObject({
    token: token.optional(),
    skills: skills.optional(),
    timeZone: timeZone.optional(),
    settings: settings.optional().openapi({ description: 'Those that are named; the others stay' }),
    isStopped: z.boolean().optional().openapi({ description: 'A stopped bot answers no one' }),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), 'must change something');

export const botSchema = z
  .object({
    id: z.uuid(),
    username: z.string(),
    name: z.string(),
    skills: z.array(z.enum(skillNames)),
    timeZone: z.string(),
    settings: z.any().openapi({ type: 'object', description: 'See the settings of a new bot' }),
    state: z.enum(['active', 'stopped', 'unauthorized']).openapi({
      description: '`unauthorized`: Telegram no longer takes its token',
    }),
    delivery: z.enum(['webhook', 'polling']),
    createdAt: z.iso.datetime(),
  })
  .openapi('Bot');
