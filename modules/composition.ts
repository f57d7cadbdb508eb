import { checkStorageSettings } from '../platform/capabilities/storage/check-settings.ts';
import { examineStorage } from '../platform/capabilities/storage/examine-storage.ts';
import { compose } from '../platform/kernel/composition.ts';
import * as platformProblems from '../platform/kernel/problems.ts';
import * as platformVariables from '../platform/kernel/variables.ts';
import { eraseAgain } from './bots/people/erase-again.ts';
import * as botProblems from './bots/problems.ts';
import * as botVariables from './bots/variables.ts';
import { recognizePayments } from './commerce/billing/payments/recognize-payments.ts';
import { proveLedger } from './commerce/billing/prove-ledger.ts';
import { checkPaymentSettings } from './commerce/check-settings.ts';
import * as commerceProblems from './commerce/problems.ts';
import * as commerceVariables from './commerce/variables.ts';
import * as legalProblems from './legal/problems.ts';
import { proveSearch } from './legal/prove-search.ts';
import { examineRecognition } from './legal/reading/pdf/scans/examine-recognition.ts';
import * as legalVariables from './legal/variables.ts';
import { checkMessageSettings } from './messages/check-settings.ts';
import { examineMail } from './messages/examine-mail.ts';
import { checkModelSettings } from './models/check-settings.ts';
import * as modelProblems from './models/problems.ts';
import * as modelVariables from './models/variables.ts';
import { removeAgain } from './people/members/remove-again.ts';
import * as peopleProblems from './people/problems.ts';
import * as peopleVariables from './people/variables.ts';
import * as pictureProblems from './pictures/problems.ts';
import * as pictureVariables from './pictures/variables.ts';

/** The one place where modules are joined. Nothing that runs in a function or worker imports it: it holds all of them. */
export const composition = compose({
  platform: {
    problems: platformProblems,
    variables: platformVariables,
    checkSettings: checkStorageSettings,
    examine: { storage: examineStorage },
  },
  people: { problems: peopleProblems, variables: peopleVariables, afterRestore: { members: removeAgain } },
  commerce: {
    problems: commerceProblems,
    variables: commerceVariables,
    checkSettings: checkPaymentSettings,
    drill: { ledger: proveLedger },
    afterRestore: { payments: recognizePayments },
  },
  models: { problems: modelProblems, variables: modelVariables, checkSettings: checkModelSettings },
  pictures: { problems: pictureProblems, variables: pictureVariables },
  messages: { checkSettings: checkMessageSettings, examine: { mail: examineMail } },
  bots: { problems: botProblems, variables: botVariables, afterRestore: { 'people of bots': eraseAgain } },
  legal: {
    problems: legalProblems,
    variables: legalVariables,
    examine: { 'text recognition': examineRecognition },
    drill: { search: proveSearch },
  },
});
