function Root() {
  let name = 'a';
  const user = useUser();
  if (user) {
    name = user.name;
  }
  const key = useKey(name);
  return <Nav id={key} />;
}
