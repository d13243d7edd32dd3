// Starts `contingent lsp` and lets the editor speak to it.
"use strict";

const { workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

/** Called by the editor when the first model is opened. */
function activate() {
  const command = workspace.getConfiguration("contingent").get("path") || "contingent";
  const server = { command, args: ["lsp"], transport: TransportKind.stdio };
  const options = { documentSelector: [{ language: "contingent" }] };
  client = new LanguageClient("contingent", "Contingent", { run: server, debug: server }, options);
  return client.start();
}

/** Called by the editor when it ends. */
function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
