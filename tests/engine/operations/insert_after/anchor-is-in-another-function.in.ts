export const useForget = () => {
  client.invalidate([Keys.key]);
};
export const useOther = () => {
  client.invalidate([Keys.name]);
};
