function Root() {
  function label() {
    return 'root';
  }
  const user = useUser();
  useRefresh();
  return <Nav user={user} label={label} />;
}
