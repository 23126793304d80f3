function Root(props) {
  const render = () => useLater();
  return <Nav render={render} />;
}
