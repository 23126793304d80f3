const Header = () => {
  const localize = useTranslations('header');
  return <h1>{localize('a')}</h1>;
};
