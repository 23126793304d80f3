function Root() {
  const user = useUser();
  useRefresh(true);
  const later = () => useRefresh(true);
  return <Nav user={user} render={later} />;
}
