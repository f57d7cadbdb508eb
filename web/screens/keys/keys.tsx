import { Screen } from '../../parts/screen.tsx';

export default function Keys() {
  return <Screen heading="keys">{null}</Screen>;
}
