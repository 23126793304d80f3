export const useForget = () => {
  client.invalidate([Keys.models]);
  client.invalidate([Keys.name]);
};
