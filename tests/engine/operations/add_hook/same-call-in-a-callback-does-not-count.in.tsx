function Root() {
  const user = useUser();
  const later = () => useRefresh(true);
  return <Nav user={user} render={later} />;
}
