/**
 * The edits to LibreChat's own files that call the payload, made here by plain text replacement so
 * that the payload can be checked in a release without the patcher.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const PAYLOAD = fileURLToPath(new URL('../../../../patches/dynamic-models/files', import.meta.url));

export const NEW_FILES = [
  'packages/data-provider/src/types/userModels.ts',
  'packages/data-provider/src/react-query/user-models.ts',
  'client/src/hooks/Input/useFetchModelsOnSave.ts',
  'client/src/hooks/Input/useAutoModelRefresh.ts',
  'client/src/hooks/Input/modelRefreshRecord.ts',
  'client/src/hooks/Input/refreshModels.ts',
  'client/src/hooks/Input/watchModels.ts',
  'client/src/hooks/Input/keyProblems.ts',
  'client/src/hooks/Input/modelRefreshPage.ts',
  'client/src/hooks/Input/modelLists.ts',
];

const FETCH = `
export const fetchUserModels = (
  payload: TFetchUserModelsRequest,
): Promise<TFetchUserModelsResponse> => request.post(endpoints.fetchUserModels(), payload);
`;

/** Toasts went into a package of their own with v0.8.0-rc1. */
const toastsOf = (root) =>
  existsSync(join(root, 'client/src/Providers/ToastContext.tsx'))
    ? '~/Providers'
    : '@librechat/client';

const EDITS = {
  'packages/data-provider/src/api-endpoints.ts': [
    [
      /^export const models = [^;]*;\n/m,
      (match) => `${match}\nexport const fetchUserModels = () => \`\${models()}/fetch\`;\n`,
    ],
  ],
  'packages/data-provider/src/data-service.ts': [
    [
      /^import \* as endpoints from '\.\/api-endpoints';\n/m,
      (match) =>
        `import type { TFetchUserModelsRequest, TFetchUserModelsResponse } from './types/userModels';\n${match}`,
    ],
    [/^export const getModels = [\s\S]*?\n\};\n/m, (match) => match + FETCH],
  ],
  'packages/data-provider/src/react-query/react-query-service.ts': [
    [
      /^(import [\s\S]*?;\n)(?=\n)/m,
      (match) =>
        `${match}import { tellUserKeyChange } from './user-models';\n\nexport * from './user-models';\n`,
    ],
    [
      /^ *queryClient\.invalidateQueries\(\[QueryKeys\.name, name\]\);\n/m,
      (match) => `${match}      tellUserKeyChange(queryClient);\n`,
    ],
    [
      /^ *queryClient\.invalidateQueries\(\[QueryKeys\.name\]\);\n/m,
      (match) => `${match}      tellUserKeyChange(queryClient);\n`,
    ],
  ],
  'client/src/hooks/Input/useUserKey.ts': [
    [
      /^(?=\nconst useUserKey )/m,
      () => "import useFetchModelsOnSave from './useFetchModelsOnSave';\n",
    ],
    [/useUpdateUserKeysMutation\(\);/, () => 'useFetchModelsOnSave(useUpdateUserKeysMutation());'],
  ],
  'client/src/routes/Root.tsx': [
    [
      /^import .* from '~\/(components\/Nav|components\/Banners|data-provider)';\n/m,
      (match, root) =>
        `import { useToastContext } from '${toastsOf(root)}';\n` +
        `import useAutoModelRefresh from '~/hooks/Input/useAutoModelRefresh';\n${match}`,
    ],
    [
      /^ *const \{[^}]*\bisAuthenticated\b[^}]*\} = useAuthContext\(\);\n/m,
      (match) => `${match}  useAutoModelRefresh(isAuthenticated, useToastContext());\n`,
    ],
  ],
};

export const EDITED_FILES = Object.keys(EDITS);

/** Adds the payload and the edits to the checkout in `root`. Files are replaced, never rewritten. */
export const patch = (root) => {
  for (const file of NEW_FILES) {
    cpSync(join(PAYLOAD, file), join(root, file));
  }
  for (const [file, edits] of Object.entries(EDITS)) {
    const path = join(root, file);
    let text = readFileSync(path, 'utf8');
    for (const [anchor, replace] of edits) {
      if (!anchor.test(text)) {
        throw new Error(`${file}: nothing matches ${anchor}`);
      }
      text = text.replace(anchor, (match) => replace(match, root));
    }
    rmSync(path);
    writeFileSync(path, text);
  }
};
