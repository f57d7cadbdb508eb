import { Screen } from '../../parts/screen.tsx';

export default function Data() {
  return <Screen heading="data">{null}</Screen>;
}
