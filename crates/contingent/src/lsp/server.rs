//! The loop: messages in, answers and diagnostics out.
//!
//! Enters: a connection. Leaves: an exit code. Always holds: messages are taken in their order; the model is checked
//! when the editor pauses or asks something, not at every key; a request that was called off before its turn is answered
//! so; a panic is the answer of the request that caused it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use gen_lsp_types as lsp;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::Value;

use super::formatting::FORMATTER;
use super::position::{Encoding, path_of};
use super::workspace::{Place, Workspace};
use super::{completion, diagnostics, formatting, hover, navigation, rename, semantic, signature, symbols};

/// How long the editor must pause before the model is checked: shorter than a reader notices, longer than the time
/// between two keys of a burst.
const PAUSE: Duration = Duration::from_millis(60);

/// After so many changes without a pause the model is checked all the same.
const MAX_DEFERRED: usize = 40;

/// Why a request has no answer.
enum Refusal {
    /// What is asked cannot be done, in words for the user.
    Failed(String),
    /// The request makes no sense.
    Invalid(String),
    Unknown,
}

/// Serves one editor on standard input and output until it says goodbye; true when it did so in good order.
pub fn serve() -> io::Result<bool> {
    let (connection, threads) = Connection::stdio();
    let in_order = Server::new(&connection).run(&connection);
    // The writing thread ends when nothing can be sent any more.
    drop(connection);
    threads.join()?;
    Ok(in_order)
}

struct Server<'c> {
    connection: &'c Connection,
    workspace: Workspace,
    waiting: VecDeque<Message>,
    /// What each file was last said to have, so that nothing is said twice.
    published: BTreeMap<PathBuf, (Option<i32>, Vec<lsp::Diagnostic>)>,
    n_deferred: usize,
    is_shut_down: bool,
}

impl<'c> Server<'c> {
    fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            workspace: Workspace::default(),
            waiting: VecDeque::new(),
            published: BTreeMap::new(),
            n_deferred: 0,
            is_shut_down: false,
        }
    }

    fn run(&mut self, connection: &Connection) -> bool {
        let Ok((id, parameters)) = connection.initialize_start() else { return false };
        let result = self.initialize(parameters);
        if connection.initialize_finish(id, result).is_err() {
            return false;
        }
        self.watch_files();
        while let Some(message) = self.next() {
            match message {
                Message::Request(request) => {
                    let response = self.answer(request);
                    self.send(Message::Response(response));
                }
                Message::Notification(notification) if notification.method == "exit" => {
                    return self.is_shut_down;
                }
                Message::Notification(notification) => self.notice(notification),
                Message::Response(_) => {}
            }
        }
        false
    }

    fn send(&self, message: Message) {
        // An editor that has gone needs no answer.
        let _ = self.connection.sender.send(message);
    }

    fn notify(&self, method: &str, parameters: impl serde::Serialize) {
        self.send(Message::Notification(Notification::new(method.to_owned(), parameters)));
    }

    /// The next message. While none comes, what changed is checked.
    fn next(&mut self) -> Option<Message> {
        loop {
            while let Ok(message) = self.connection.receiver.try_recv() {
                self.take(message);
            }
            if let Some(message) = self.waiting.pop_front() {
                return Some(message);
            }
            if !self.workspace.is_stale() {
                return self.connection.receiver.recv().ok();
            }
            if self.n_deferred >= MAX_DEFERRED {
                self.refresh();
                continue;
            }
            match self.connection.receiver.recv_timeout(PAUSE) {
                Ok(message) => self.take(message),
                Err(error) if error.is_timeout() => self.refresh(),
                Err(_) => return None,
            }
        }
    }

    /// Queues a message; a request that is called off while it waits is answered at once.
    fn take(&mut self, message: Message) {
        if let Message::Notification(Notification { method, params }) = &message
            && method == "$/cancelRequest"
        {
            let id = params.get("id").cloned().unwrap_or_default();
            let is_meant = |message: &Message| {
                matches!(message, Message::Request(request)
                    if serde_json::to_value(&request.id).is_ok_and(|waiting| waiting == id))
            };
            if let Some(position) = self.waiting.iter().position(is_meant)
                && let Some(Message::Request(request)) = self.waiting.remove(position)
            {
                let text = "called off by the editor".to_owned();
                self.send(Response::new_err(request.id, ErrorCode::RequestCanceled as i32, text).into());
            }
            return;
        }
        self.waiting.push_back(message);
    }

    #[expect(deprecated, reason = "older editors name a single folder")]
    fn initialize(&mut self, parameters: Value) -> Value {
        let parameters: lsp::InitializeParams = serde_json::from_value(parameters).unwrap_or_default();
        let offered = parameters.capabilities.general.and_then(|general| general.position_encodings);
        if offered.is_some_and(|offered| offered.contains(&lsp::PositionEncodingKind::UTF8)) {
            self.workspace.encoding = Encoding::Utf8;
        }
        let folders = parameters.workspace_folders_initialize_params.workspace_folders;
        self.workspace.folders = match folders {
            Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) => {
                folders.iter().map(|folder| path_of(&folder.uri)).collect()
            }
            _ => parameters.root_uri.iter().map(path_of).collect(),
        };
        let result = lsp::InitializeResult {
            capabilities: capabilities(self.workspace.encoding),
            server_info: Some(lsp::ServerInfo {
                name: "contingent".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        serde_json::to_value(result).unwrap_or_default()
    }

    /// Asks to be told of files that change on disk. An editor that cannot refuses, which changes nothing.
    fn watch_files(&self) {
        let registration = serde_json::json!({ "registrations": [{
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": [{ "globPattern": "**/*.ctg" }] },
        }] });
        let id = RequestId::from("files".to_owned());
        self.send(Message::Request(Request::new(id, "client/registerCapability".to_owned(), registration)));
    }

    /// Checks what changed and says what is wrong with it.
    fn refresh(&mut self) {
        self.n_deferred = 0;
        if !self.workspace.is_stale() {
            return;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            self.workspace.refresh();
            diagnostics::by_file(&self.workspace)
        }));
        if let Ok(found) = outcome {
            self.publish(found);
        } else {
            // What was changed is forgotten, so that the same fault does not come back before the next change.
            let text = "contingent failed while checking the model; please report it with the model";
            self.notify("window/logMessage", serde_json::json!({ "type": 1, "message": text }));
        }
    }

    fn publish(&mut self, mut found: BTreeMap<PathBuf, Vec<lsp::Diagnostic>>) {
        // Files that belong to no open model any more have nothing wrong.
        for path in self.published.keys() {
            found.entry(path.clone()).or_default();
        }
        for (path, diagnostics) in found {
            let document = self.workspace.documents.at(&path);
            let version = document.map(|document| document.version);
            let said = self.published.get(&path);
            let is_known = said.is_some_and(|(known, same)| *known == version && *same == diagnostics);
            let is_nothing = said.is_none() && version.is_none() && diagnostics.is_empty();
            if is_known || is_nothing {
                continue;
            }
            let uri = self.workspace.uri(&path);
            let shown = lsp::PublishDiagnosticsParams { uri, version, diagnostics: diagnostics.clone() };
            self.notify("textDocument/publishDiagnostics", shown);
            if version.is_none() && diagnostics.is_empty() {
                self.published.remove(&path);
            } else {
                self.published.insert(path, (version, diagnostics));
            }
        }
    }

    fn notice(&mut self, notification: Notification) {
        fn read<P: serde::de::DeserializeOwned>(parameters: Value) -> Option<P> {
            serde_json::from_value(parameters).ok()
        }
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => {
                if let Some(lsp::DidOpenTextDocumentParams { text_document: opened }) = read(params) {
                    self.workspace.open(opened.uri, opened.version, opened.text);
                }
            }
            "textDocument/didChange" => {
                if let Some(lsp::DidChangeTextDocumentParams { text_document, content_changes }) =
                    read(params)
                {
                    let uri = text_document.text_document_identifier.uri;
                    self.workspace.change(&uri, text_document.version, content_changes);
                    self.n_deferred += 1;
                }
            }
            "textDocument/didClose" => {
                if let Some(lsp::DidCloseTextDocumentParams { text_document }) = read(params) {
                    self.workspace.close(&text_document.uri);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.workspace.files_changed(),
            _ => {}
        }
    }

    fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        if self.is_shut_down {
            return Response::new_err(
                id,
                ErrorCode::InvalidRequest as i32,
                "the server is shut down".to_owned(),
            );
        }
        if method == "shutdown" {
            self.is_shut_down = true;
            return Response::new_ok(id, Value::Null);
        }
        // An answer is about the text as it stands now.
        self.refresh();
        guarded(id, &method, || respond(&self.workspace, &method, params))
    }
}

/// Runs a request; a panic becomes its answer.
fn guarded(id: RequestId, method: &str, work: impl FnOnce() -> Result<Value, Refusal>) -> Response {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(result)) => Response::new_ok(id, result),
        Ok(Err(Refusal::Failed(text))) => Response::new_err(id, ErrorCode::RequestFailed as i32, text),
        Ok(Err(Refusal::Invalid(text))) => Response::new_err(id, ErrorCode::InvalidParams as i32, text),
        Ok(Err(Refusal::Unknown)) => {
            Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("`{method}` is not offered"))
        }
        Err(_) => Response::new_err(
            id,
            ErrorCode::InternalError as i32,
            format!("contingent failed at `{method}`; please report it with the model"),
        ),
    }
}

fn respond(workspace: &Workspace, method: &str, parameters: Value) -> Result<Value, Refusal> {
    use lsp::Request as _;
    macro_rules! offered {
        ($($request:ident => $answer:expr,)*) => {
            match method {
                $(method if method == lsp::$request::METHOD.as_str() => {
                    let parameters = serde_json::from_value::<<lsp::$request as lsp::Request>::Params>(parameters)
                        .map_err(|error| Refusal::Invalid(error.to_string()))?;
                    let answer: fn(&Workspace, <lsp::$request as lsp::Request>::Params) -> Result<_, Refusal> = $answer;
                    let result: <lsp::$request as lsp::Request>::Result = answer(workspace, parameters)?;
                    serde_json::to_value(result).map_err(|error| Refusal::Failed(error.to_string()))
                })*
                _ => Err(Refusal::Unknown),
            }
        };
    }
    offered! {
        HoverRequest => |w, p| Ok(at(w, &p.text_document_position_params).and_then(|place| hover::hover(w, place))),
        DefinitionRequest => |w, p| {
            let place = at(w, &p.text_document_position_params);
            let found = place.and_then(|place| navigation::definition(w, place));
            Ok(found.map(|location| lsp::Definition::from(location).into()))
        },
        ReferencesRequest => |w, p| {
            let place = at(w, &p.text_document_position_params);
            Ok(place.and_then(|place| navigation::references(w, place, p.context.include_declaration)))
        },
        DocumentHighlightRequest => |w, p| {
            Ok(at(w, &p.text_document_position_params).and_then(|place| navigation::highlights(w, place)))
        },
        PrepareRenameRequest => |w, p| {
            let place = at(w, &p.text_document_position_params);
            Ok(place.and_then(|place| rename::prepare(w, place)).map(Into::into))
        },
        RenameRequest => |w, p| {
            let Some(place) = at(w, &p.text_document_position_params) else { return Ok(None) };
            rename::rename(w, place, &p.new_name).map(Some).map_err(Refusal::Failed)
        },
        CompletionRequest => |w, p| {
            let place = at(w, &p.text_document_position_params);
            Ok(place.map(|place| completion::complete(w, place).into()))
        },
        SignatureHelpRequest => |w, p| Ok(at(w, &p.text_document_position_params).and_then(signature::help)),
        SemanticTokensRequest => |w, p| {
            let found = w.model_of(&p.text_document.uri);
            Ok(found.map(|(model, file)| lsp::SemanticTokens {
                result_id: None,
                data: semantic::tokens(model, file, w.encoding),
            }))
        },
        DocumentSymbolRequest => |w, p| {
            let found = w.model_of(&p.text_document.uri);
            Ok(found.map(|(model, file)| symbols::outline(model, file, w.encoding).into()))
        },
        CodeActionRequest => |w, p| {
            let is_wanted = p.context.only.is_none_or(|only| {
                only.iter().any(|kind| matches!(kind, lsp::CodeActionKind::QuickFix | lsp::CodeActionKind::Empty))
            });
            let actions = if is_wanted { diagnostics::actions(w, &p.text_document.uri, p.range) } else { Vec::new() };
            Ok(Some(actions.into_iter().map(Into::into).collect()))
        },
        DocumentFormattingRequest => |w, p| {
            let formatter = FORMATTER.ok_or(Refusal::Unknown)?;
            let Some((model, file)) = w.model_of(&p.text_document.uri) else { return Ok(None) };
            formatting::edits(model.text(file), formatter, w.encoding).map(Some).map_err(Refusal::Failed)
        },
    }
}

fn at<'w>(workspace: &'w Workspace, place: &lsp::TextDocumentPositionParams) -> Option<Place<'w>> {
    workspace.place(&place.text_document.uri, place.position)
}

fn capabilities(encoding: Encoding) -> lsp::ServerCapabilities {
    let characters = |characters: &[&str]| Some(characters.iter().map(|&one| one.to_owned()).collect());
    lsp::ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..lsp::TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        rename_provider: Some(
            lsp::RenameOptions { prepare_provider: Some(true), ..lsp::RenameOptions::default() }.into(),
        ),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: characters(&[".", "[", ":", "="]),
            ..lsp::CompletionOptions::default()
        }),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: characters(&["(", ","]),
            ..lsp::SignatureHelpOptions::default()
        }),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: semantic::legend(),
                full: Some(true.into()),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix]),
                ..lsp::CodeActionOptions::default()
            }
            .into(),
        ),
        document_formatting_provider: FORMATTER.map(|_| true.into()),
        ..lsp::ServerCapabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_answer_of_the_request_that_caused_it() {
        let response = guarded(RequestId::from(7), "textDocument/hover", || panic!("a fault of ours"));
        assert_eq!(response.id, RequestId::from(7));
        let text = format!("{response:?}");
        assert!(text.contains("please report it") && text.contains("-32603"), "{text}");
    }
}
