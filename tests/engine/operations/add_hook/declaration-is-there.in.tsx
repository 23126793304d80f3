const Header = () => {
  const localize = useLocalize();
  return <h1>{localize('a')}</h1>;
};
