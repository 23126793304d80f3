// The edits of the dynamic-models patch with jscodeshift, for comparison.
const line = (j, text) => j.template.statement([text]);

const EDITS = {
  'routes/models.js': (j, root) => {
    root
      .find(j.VariableDeclarator)
      .filter((path) => j(path).toSource().includes('ModelController'))
      .find(j.ObjectPattern)
      .forEach((path) => path.node.properties.push(shorthand(j, 'fetchUserModelsController')));
    after(j, root, "router.get('/'", "router.post('/fetch', requireJwtAuth, fetchUserModelsController);");
  },
  'controllers/ModelController.js': (j, root) => {
    const names = 'withUserModels, showUserModels, fetchUserModelsController';
    after(j, root, "require('~/cache')", `const { ${names} } = require('~/server/services/DynamicModels');`);
    root
      .find(j.CallExpression, { callee: { object: { name: 'res' }, property: { name: 'send' } } })
      .filter((path) => path.node.arguments[0].name === 'modelConfig')
      .forEach((path) => {
        path.node.arguments[0] = j.awaitExpression(
          j.callExpression(j.identifier('showUserModels'), [
            j.identifier('req'),
            j.identifier('modelConfig'),
          ]),
        );
      });
    root
      .find(j.AssignmentExpression, { left: { object: { name: 'module' } } })
      .forEach((path) => {
        path.node.right.properties.push(shorthand(j, 'fetchUserModelsController'));
        path.node.right = j.callExpression(j.identifier('withUserModels'), [path.node.right]);
      });
  },
  'api/models/index.js': (j, root) => {
    after(j, root, "require('~/db/models')", "const { guardUserKeys } = require('~/server/services/DynamicModels');");
    root
      .find(j.AssignmentExpression, { left: { object: { name: 'module' } } })
      .forEach((path) => {
        path.node.right = j.callExpression(j.identifier('guardUserKeys'), [path.node.right]);
      });
  },
  'src/api-endpoints.ts': (j, root) =>
    after(j, root, 'export const models =', 'export const fetchUserModels = () => `${models()}/fetch`;'),
  'src/data-service.ts': (j, root) => {
    after(j, root, 'export const getModels =', 'export const fetchUserModels = (payload: TFetchUserModelsRequest): Promise<TFetchUserModelsResponse> => request.post(endpoints.fetchUserModels(), payload);');
    after(j, root, "from './accessPermissions'", "import type { TFetchUserModelsRequest, TFetchUserModelsResponse } from './types/userModels';");
  },
  'react-query/react-query-service.ts': (j, root) => {
    after(j, root, 'export { hasPermissions }', "export * from './user-models';");
    for (const name of ['useRevokeUserKeyMutation', 'useRevokeAllUserKeysMutation']) {
      root
        .find(j.VariableDeclarator, { id: { name } })
        .find(j.ExpressionStatement)
        .filter((path) => j(path).toSource().includes('[QueryKeys.name'))
        .at(-1)
        .insertAfter(line(j, 'queryClient.invalidateQueries([QueryKeys.models]);'));
    }
  },
  'Input/useUserKey.ts': (j, root) => {
    after(j, root, "from '~/data-provider'", "import useFetchModelsOnSave from './useFetchModelsOnSave';");
    root.find(j.VariableDeclarator, { id: { name: 'updateKey' } }).forEach((path) => {
      path.node.init = j.callExpression(j.identifier('useFetchModelsOnSave'), [path.node.init]);
    });
  },
  'routes/Root.tsx': (j, root) => {
    after(j, root, "from '~/components/Banners'", "import useAutoModelRefresh from '~/hooks/Input/useAutoModelRefresh';");
    root
      .find(j.FunctionDeclaration, { id: { name: 'Root' } })
      .find(j.VariableDeclaration)
      .filter((path) => j(path).toSource().includes('useAuthContext()'))
      .insertAfter(line(j, 'useAutoModelRefresh(isAuthenticated);'));
  },
};

function shorthand(j, name) {
  const property = j.property('init', j.identifier(name), j.identifier(name));
  property.shorthand = true;
  return property;
}

function after(j, root, anchor, text) {
  const found = root.get().node.program.body;
  const index = found.findIndex((node) => j(node).toSource().startsWith(anchor) || j(node).toSource().includes(anchor));
  if (index < 0) throw new Error(anchor);
  found.splice(index + 1, 0, line(j, text));
}

module.exports = (file, { j }) => {
  const edit = Object.entries(EDITS).find(([path]) => file.path.endsWith(path));
  if (!edit) return file.source;
  const root = j(file.source);
  edit[1](j, root);
  return root.toSource({ quote: 'single', trailingComma: true });
};
module.exports.parser = 'tsx';
