import { createBankProvider } from './bank-provider.ts';
import { describePaymentProvider } from './conformance.ts';

describePaymentProvider('bank', createBankProvider);
