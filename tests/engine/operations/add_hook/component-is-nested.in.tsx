export function withRoot() {
  function Root() {
    useUser();
    return null;
  }
  return Root;
}
