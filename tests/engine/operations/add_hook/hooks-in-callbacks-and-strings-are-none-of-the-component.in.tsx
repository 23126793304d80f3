function Root() {
  const user = useUser();
  const later = () => useLater(user);
  const text = 'useText()';
  return <Nav text={text} render={later} />;
}
