export const Header = () => {
  const isSmall = useMediaQuery('(max-width: 768px)');
  const {
    user,
  } = useUser();
  const name = user.name;
  return <h1 title={name}>{isSmall}</h1>;
};
