export const useForget = () =>
  useMutation(() => forget('key'), {
    onSuccess: () => {
      client.invalidate([Keys.name]);
      client.invalidate([Keys.models]);
    },
    onError: () => {
      client.invalidate([Keys.models]);
    },
  });
