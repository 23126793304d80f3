function Root() {
  const auth = useAuth();
  return <Nav auth={auth} />;
}
