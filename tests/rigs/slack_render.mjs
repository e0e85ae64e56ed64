// Renders Block Kit as a page, for pictures; the renderer is a third party's, there is no official one.
// usage: node slack_render.mjs BLOCKS.json PAGE.html
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const React = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { Message } = require('slack-blocks-to-jsx');

const [source, target] = process.argv.slice(2);
// The renderer takes `verbatim` for "no formatting", which in Slack only stops automatic links.
const blocks = JSON.parse(fs.readFileSync(source, 'utf8'), (key, value) => (key === 'verbatim' ? undefined : value));
const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="6" fill="#1f4e4a"/>'
  + '<path d="M8 12h20M12 12v14M24 12v14" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>')}`;
const message = React.createElement(Message, { blocks, logo, name: 'Handrail', time: new Date(2026, 10, 22, 14, 30) });
const style = fs.readFileSync(path.join(import.meta.dirname, 'node_modules/slack-blocks-to-jsx/dist/style.css'), 'utf8');
fs.writeFileSync(target, `<!doctype html><meta charset="utf-8"><style>${style}
body { width: 640px; margin: 16px; background: #fff; font-family: Lato, Arial, sans-serif; }</style>
<body>${renderToStaticMarkup(message)}</body>`);
