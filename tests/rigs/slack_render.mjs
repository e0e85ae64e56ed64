// Renders messages and windows of Block Kit as a page, for pictures; a third party's renderer, there is no official one.
// usage: node slack_render.mjs PARTS.json PAGE.html    PARTS: [{blocks, hidden} for a message | {view} for a window]
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const React = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { Message } = require('slack-blocks-to-jsx');

const [source, target] = process.argv.slice(2);
const parts = JSON.parse(fs.readFileSync(source, 'utf8'), (key, value) => {
  // The renderer takes `verbatim` for "no formatting", which in Slack only stops automatic links.
  if (key === 'verbatim') return undefined;
  // What is chosen already shows only after a click in this renderer.
  if (value?.type === 'static_select' && value.initial_option) value.placeholder = value.initial_option.text;
  return value;
});
const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="6" fill="#1f4e4a"/>'
  + '<path d="M8 12h20M12 12v14M24 12v14" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>')}`;
const time = new Date(2026, 10, 22, 14, 30);
const shared = { logo, name: 'Handrail', time, theme: 'light' };
const h = React.createElement;

const message = ({ blocks, hidden }) => h('div', { className: 'message' },
  hidden && h('div', { className: 'hidden' }, 'Only visible to you'),
  h(Message, { ...shared, blocks }));
const bare = (blocks) => h(Message, { ...shared, blocks, withoutWrapper: true });
const modal = (view) => h('div', { className: 'modal' },
  h('div', { className: 'title' }, h('b', null, view.title.text), h('span', null, '✕')),
  h('div', { className: 'body' }, bare(view.blocks)),
  h('div', { className: 'foot' }, h('span', { className: 'plain' }, view.submit ? 'Cancel' : 'Close'),
    view.submit && h('span', { className: 'send' }, view.submit.text)));
const home = (view) => h('div', { className: 'home' },
  h('div', { className: 'tabs' }, h('b', null, 'Home'), h('span', null, 'Messages'), h('span', null, 'About')),
  bare(view.blocks));
const drawn = parts.map((part) => (!part.view ? message(part) : part.view.type === 'home' ? home(part.view) : modal(part.view)));

const style = fs.readFileSync(path.join(import.meta.dirname, 'node_modules/slack-blocks-to-jsx/dist/style.css'), 'utf8');
fs.writeFileSync(target, `<!doctype html><meta charset="utf-8"><style>${style}
body { margin: 12px; background: #fff; font-family: Lato, Arial, sans-serif; }
.message + .message { margin-top: 20px; }
.hidden { color: #616061; font-size: 12px; margin: 0 0 4px 44px; }
.modal { border: 1px solid #ccc; border-radius: 8px; }
.title, .foot { display: flex; justify-content: space-between; padding: 12px 16px; }
.title { font-size: 20px; border-bottom: 1px solid #ddd; }
.foot { justify-content: flex-end; gap: 8px; border-top: 1px solid #ddd; font-size: 14px; }
.foot span { padding: 6px 12px; border: 1px solid #bbb; border-radius: 4px; font-weight: bold; }
.foot .send { background: #007a5a; border-color: #007a5a; color: #fff; }
.body { padding: 4px 16px 12px; }
.tabs { display: flex; gap: 20px; font-size: 14px; border-bottom: 1px solid #ddd; margin-bottom: 8px; color: #616061; }
.tabs b { color: #1d1c1d; border-bottom: 2px solid #1f4e4a; padding-bottom: 8px; }
[id^="handrail:country"] * { color: #1d1c1d !important; }
.home textarea { height: 36px !important; min-height: 0 !important; resize: none; }
.slack_blocks_to_jsx__actions [tabindex] div { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 158px; display: block; }
.slack_blocks_to_jsx__plain_text_input_element { border: 1px solid #bbb; border-radius: 4px; min-height: 36px; }
</style>
<body>${drawn.map((part) => renderToStaticMarkup(part)).join('')}</body>`);
