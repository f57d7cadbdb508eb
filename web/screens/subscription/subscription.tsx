import { Screen } from '../../parts/screen.tsx';

export default function Subscription() {
  return <Screen heading="subscription">{null}</Screen>;
}
