function Root() {
  const later = useMemo(() => useUser(), []);
  const user = useUser();
  useRefresh();
  return <Nav user={user} render={later} />;
}
