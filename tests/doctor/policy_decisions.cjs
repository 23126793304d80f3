// Prints, for each URL on standard input, whether the patch's own urls.js refuses it.
const [folder] = process.argv.slice(2);
const { checkURL } = require(`${folder}/urls.js`);
const { cases } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

const refuses = ({ url, settings }) => {
  try {
    checkURL(url, { fromUser: false, settings, allowedAddresses: [] });
    return false;
  } catch {
    return true;
  }
};
console.log(JSON.stringify(cases.map(refuses)));
