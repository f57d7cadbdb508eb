import { Screen } from '../../parts/screen.tsx';

export default function Settings() {
  return <Screen heading="settings">{null}</Screen>;
}
