import { Screen } from '../../parts/screen.tsx';

export default function Images() {
  return <Screen heading="images">{null}</Screen>;
}
