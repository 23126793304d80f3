export const options = {
  name: 'models',
  retry: false,
};
