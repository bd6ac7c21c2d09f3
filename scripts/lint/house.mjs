// Rules of this repository that oxlint has not.

/** Private members of TypeScript classes say `private`, as the parameters of constructors have to; `#` is left to JavaScript. */
const privateKeyword = {
  meta: { type: 'suggestion', messages: { keyword: 'Write `private {{name}}` instead of `#{{name}}`.' } },
  create(context) {
    const report = ({ key }) => {
      if (key?.type !== 'PrivateIdentifier') return;
      context.report({ node: key, messageId: 'keyword', data: { name: key.name } });
    };
    return { PropertyDefinition: report, MethodDefinition: report, AccessorProperty: report };
  },
};

export default { meta: { name: 'house' }, rules: { 'private-keyword': privateKeyword } };
