import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { setPromptLog, showPromptLog } from '../../../modules/models/prompts/settings.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const settingSchema = z
  .strictObject({
    enabled: z.boolean(),
    keepDays: z.int().nullable().openapi({ description: 'null while it is off' }),
    mostDays: z.int().openapi({ description: 'What the platform allows' }),
  })
  .openapi('PromptLogSetting');

const newSettingSchema = z.discriminatedUnion('enabled', [
  z.strictObject({ enabled: z.literal(true), keepDays: z.int().min(1).max(365) }),
  z.strictObject({ enabled: z.literal(false) }),
]);

const show = createRoute({
  method: 'get',
  path: '/api/gateway/prompt-log',
  operationId: 'getPromptLogSetting',
  tags: ['gateway'],
  summary: 'Whether prompts are logged',
  description: 'For administrators and owners. Off unless somebody of your organization switched it on.',
  security: bearer,
  responses: { 200: json(settingSchema, 'The setting'), ...problems(unauthenticated, notFound) },
});

const set = createRoute({
  method: 'put',
  path: '/api/gateway/prompt-log',
  operationId: 'setPromptLogSetting',
  tags: ['gateway'],
  summary: 'Switch the log of prompts on or off',
  description:
    'For administrators and owners; written to the audit log. Requests and answers are then kept without keys, e-mails, phones, payment cards, Russian passports, SNILS, INN and encoded data, for as many days. Names of people stay. Switching it off deletes what was kept.',
  security: bearer,
  request: { body: jsonBody(newSettingSchema) },
  responses: {
    200: json(settingSchema, 'The setting, in effect within a second'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

export function promptLog(router: Router, { database }: { database: Database }): void {
  router.openapi(show, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    return c.json(await showPromptLog(database, caller.organizationId), 200);
  });
  router.openapi(set, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const asked = c.req.valid('json');
    return c.json(await setPromptLog(database, caller, asked.enabled ? asked.keepDays : undefined), 200);
  });
}
