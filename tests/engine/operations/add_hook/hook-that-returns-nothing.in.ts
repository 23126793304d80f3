export const useKey = (key: string) => {
  useState('none');
  log(key);
};
