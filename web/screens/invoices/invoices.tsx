import { Screen } from '../../parts/screen.tsx';

export default function Invoices() {
  return <Screen heading="invoices">{null}</Screen>;
}
