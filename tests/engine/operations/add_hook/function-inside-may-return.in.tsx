function Root() {
  function label() {
    return 'root';
  }
  const user = useUser();
  return <Nav user={user} label={label} />;
}
