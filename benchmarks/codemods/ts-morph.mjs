// The edits of the dynamic-models patch with ts-morph, for comparison: `node ts-morph.mjs TREE`.
import { Project, SyntaxKind } from 'ts-morph';

const root = process.argv[2];
const project = new Project({ compilerOptions: { allowJs: true }, skipLoadingLibFiles: true });
const open = (path) => project.addSourceFileAtPath(`${root}/${path}`);
const requireCall = (file, specifier) =>
  file
    .getVariableStatements()
    .find((statement) => statement.getText().includes(`require('${specifier}')`));

const routes = open('api/server/routes/models.js');
requireCall(routes, '~/server/controllers/ModelController').replaceWithText(
  "const {\n  modelController,\n  fetchUserModelsController,\n} = require('~/server/controllers/ModelController');",
);
const get = routes
  .getStatements()
  .filter((statement) => statement.getText().startsWith("router.get('/',"));
if (get.length !== 1) throw new Error('route');
routes.insertStatements(
  get[0].getChildIndex() + 1,
  "router.post('/fetch', requireJwtAuth, fetchUserModelsController);",
);

const controller = open('api/server/controllers/ModelController.js');
const imports = controller.getVariableStatements().filter((s) => s.getText().includes('require('));
controller.insertStatements(
  imports.at(-1).getChildIndex() + 1,
  "const {\n  withUserModels,\n  showUserModels,\n  fetchUserModelsController,\n} = require('~/server/services/DynamicModels');",
);
controller
  .getDescendantsOfKind(SyntaxKind.CallExpression)
  .find((call) => call.getText() === 'res.send(modelConfig)')
  .replaceWithText('res.send(await showUserModels(req, modelConfig))');
controller
  .getStatements()
  .at(-1)
  .replaceWithText(
    'module.exports = withUserModels({\n  modelController,\n  loadModels,\n  getModelsConfig,\n  fetchUserModelsController,\n});',
  );

const models = open('api/models/index.js');
models.insertStatements(
  requireCall(models, '~/db/models').getChildIndex() + 1,
  "const { guardUserKeys } = require('~/server/services/DynamicModels');",
);
models
  .getStatements()
  .at(-1)
  .getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression)
  .replaceWithText((writer) => {
    const exported = models.getStatements().at(-1).getExpression().getRight().getText();
    writer.write(`guardUserKeys(${exported})`);
  });

const endpoints = open('packages/data-provider/src/api-endpoints.ts');
endpoints.insertStatements(
  endpoints.getVariableStatementOrThrow('models').getChildIndex() + 1,
  'export const fetchUserModels = () => `${models()}/fetch`;',
);

const service = open('packages/data-provider/src/data-service.ts');
service.insertStatements(
  service.getVariableStatementOrThrow('getModels').getChildIndex() + 1,
  'export const fetchUserModels = (\n  payload: TFetchUserModelsRequest,\n): Promise<TFetchUserModelsResponse> => request.post(endpoints.fetchUserModels(), payload);',
);
service.addImportDeclaration({
  moduleSpecifier: './types/userModels',
  isTypeOnly: true,
  namedImports: ['TFetchUserModelsRequest', 'TFetchUserModelsResponse'],
});

const hooks = open('packages/data-provider/src/react-query/react-query-service.ts');
for (const name of ['useRevokeUserKeyMutation', 'useRevokeAllUserKeysMutation']) {
  const call = hooks
    .getVariableDeclarationOrThrow(name)
    .getDescendantsOfKind(SyntaxKind.ExpressionStatement)
    .find((s) => s.getText().includes('QueryKeys.name'));
  const block = call.getParentOrThrow();
  block.insertStatements(
    call.getChildIndex() + 1,
    'queryClient.invalidateQueries([QueryKeys.models]);',
  );
}
hooks.addExportDeclaration({ moduleSpecifier: './user-models' });

const userKey = open('client/src/hooks/Input/useUserKey.ts');
userKey
  .getDescendantsOfKind(SyntaxKind.VariableDeclaration)
  .find((declaration) => declaration.getName() === 'updateKey')
  .setInitializer('useFetchModelsOnSave(useUpdateUserKeysMutation())');
userKey.addImportDeclaration({
  moduleSpecifier: './useFetchModelsOnSave',
  defaultImport: 'useFetchModelsOnSave',
});

const rootRoute = open('client/src/routes/Root.tsx');
const body = rootRoute.getFunctionOrThrow('Root');
const auth = body.getStatements().find((s) => s.getText().includes('useAuthContext()'));
body.insertStatements(auth.getChildIndex() - 0 + 1, 'useAutoModelRefresh(isAuthenticated);');
rootRoute.addImportDeclaration({
  moduleSpecifier: '~/hooks/Input/useAutoModelRefresh',
  defaultImport: 'useAutoModelRefresh',
});

project.saveSync();
