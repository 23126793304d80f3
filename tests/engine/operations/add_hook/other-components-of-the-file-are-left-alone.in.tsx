function Provider({ children }) {
  const user = useUser();
  return <Context.Provider value={user}>{children}</Context.Provider>;
}

export default function Root() {
  const user = useUser();
  return <Provider>{user}</Provider>;
}
