function Root() {
  const later = useMemo(() => useUser(), []);
  const user = useUser();
  return <Nav user={user} render={later} />;
}
