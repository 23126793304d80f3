import { useAgentsMap, useAssistantsMap, useAuthContext, useSearchEnabled } from '~/hooks';

export const all = {
  useAgentsMap,
  useAssistantsMap,
};
