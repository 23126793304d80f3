function Root() {
  const user = useUser();
  useRefresh();
  const later = () => useLater(user);
  const text = 'useText()';
  return <Nav text={text} render={later} />;
}
