function Root() {
  const user = useUser();
  return <Nav>;
}
