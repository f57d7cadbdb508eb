import { Screen } from '../../parts/screen.tsx';

export default function Plans() {
  return <Screen heading="plans">{null}</Screen>;
}
