import type { AdmissionRequest } from '../commerce/metering/index.ts';

/** Models of plans that are named like their prices. */
export const policyModels = (standard: string, advanced = standard): AdmissionRequest['models'] => {
  const targets = (name: string) => [{ target: name, price: name }];
  return { standard: targets(standard), advanced: targets(advanced), 'advanced-when-complex': targets(advanced) };
};
