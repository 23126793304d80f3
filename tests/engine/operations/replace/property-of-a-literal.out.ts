export const options = {
  name: 'models',
  retry: 3,
};
