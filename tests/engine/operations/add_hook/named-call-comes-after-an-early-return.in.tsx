function Root(props) {
  if (props.shared) {
    return <Shared />;
  }
  const auth = useAuthContext();
  return <Nav auth={auth} />;
}
