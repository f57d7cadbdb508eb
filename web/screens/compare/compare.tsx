import { Screen } from '../../parts/screen.tsx';

export default function Compare() {
  return <Screen heading="compare">{null}</Screen>;
}
