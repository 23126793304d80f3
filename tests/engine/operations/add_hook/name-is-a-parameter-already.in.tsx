const Header = ({ localize }) => {
  const user = useUser();
  return <h1>{localize(user)}</h1>;
};
