export const useKey = (key: string) => {
  useState('none');
  useRefresh(key);
  log(key);
};
