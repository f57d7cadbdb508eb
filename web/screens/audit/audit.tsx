import { Screen } from '../../parts/screen.tsx';

export default function Audit() {
  return <Screen heading="audit">{null}</Screen>;
}
