export const useForget = () => {
  client.invalidate([Keys.name]);
  return () => client.invalidate([Keys.name]);
};
