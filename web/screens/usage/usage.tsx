import { Screen } from '../../parts/screen.tsx';

export default function Usage() {
  return <Screen heading="usage">{null}</Screen>;
}
