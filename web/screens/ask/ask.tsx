import { Screen } from '../../parts/screen.tsx';

export default function Ask() {
  return <Screen heading="ask">{null}</Screen>;
}
