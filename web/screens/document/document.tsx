import { Screen } from '../../parts/screen.tsx';

export default function Document() {
  return <Screen heading="document">{null}</Screen>;
}
