import { Screen } from '../../parts/screen.tsx';

export default function People() {
  return <Screen heading="people">{null}</Screen>;
}
