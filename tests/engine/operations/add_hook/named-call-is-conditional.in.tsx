function Root(props) {
  if (props.open) useAuthContext();
  return <Nav />;
}
