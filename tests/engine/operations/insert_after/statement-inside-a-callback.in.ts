export const useForget = (name: string) =>
  useMutation(() => forget('key', name), {
    onSuccess: () => {
      client.invalidate([Keys.name, name]); // how long it lasts
      client.invalidate([Keys.other]);
    },
  });
