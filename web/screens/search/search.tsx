import { Screen } from '../../parts/screen.tsx';

export default function Search() {
  return <Screen heading="search">{null}</Screen>;
}
