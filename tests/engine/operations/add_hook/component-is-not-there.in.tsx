// function Root() {}
export default function App() {
  const root = useUser('Root');
  return <Nav root={root} />;
}
