import {
  useAgentsMap,
  useAssistantsMap,
  useAuthContext,
  useSearchEnabled,
  useFetchEveryModelOfTheUser,
} from '~/hooks';

export const all = {
  useAgentsMap,
  useAssistantsMap,
};
