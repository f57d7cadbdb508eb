export default function Welcome() {
  return <h1>welcome</h1>;
}
