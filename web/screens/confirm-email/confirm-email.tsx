export default function ConfirmEmail() {
  return <h1>confirm-email</h1>;
}
