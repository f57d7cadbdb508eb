export default function Invitation() {
  return <h1>invitation</h1>;
}
