function Root() {
  const user = useUser();
  if (!user) {
    return null;
  }
  useLate();
  return <Nav />;
}
