function Root() {
  const user = useUser();
  useRefresh();
  if (!user) {
    return null;
  }
  useLate();
  return <Nav />;
}
