import { Screen } from '../../parts/screen.tsx';

export default function Documents() {
  return <Screen heading="documents">{null}</Screen>;
}
