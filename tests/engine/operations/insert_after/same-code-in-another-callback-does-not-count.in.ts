export const useForget = () =>
  useMutation(() => forget('key'), {
    onSuccess: () => {
      client.invalidate([Keys.name]);
    },
    onError: () => {
      client.invalidate([Keys.models]);
    },
  });
