//! An editor that does what it is told: it starts the program and speaks the protocol to it.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than anything takes; only a server that hangs waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server, and what it was told.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    set_aside: VecDeque<Value>,
    next_id: i64,
    /// The texts that are open, by address, with their versions.
    texts: BTreeMap<String, (i64, String)>,
    pub(crate) capabilities: Value,
    pub(crate) is_utf8: bool,
}

impl Client {
    /// Starts a server for a folder.
    pub(crate) fn start(folder: &Path, encodings: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_contingent"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let mut reader = BufReader::new(child.stdout.take().expect("its output is ours"));
        let (sender, output) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut reader) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        let mut client = Self {
            child,
            input,
            output,
            set_aside: VecDeque::new(),
            next_id: 0,
            texts: BTreeMap::new(),
            capabilities: Value::Null,
            is_utf8: false,
        };
        let general =
            if encodings.is_empty() { json!({}) } else { json!({ "positionEncodings": encodings }) };
        let folders = json!([{ "uri": uri(folder), "name": "models" }]);
        let result = client.request(
            "initialize",
            json!({ "processId": null, "rootUri": uri(folder), "workspaceFolders": folders,
                    "capabilities": { "general": general } }),
        );
        client.capabilities = result["capabilities"].clone();
        client.is_utf8 = client.capabilities["positionEncoding"] == "utf-8";
        client.notify("initialized", json!({}));
        client
    }

    pub(crate) fn send_raw(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.input.as_mut().expect("the server is there");
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        input.flush().expect("the server reads");
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers write the parameters on the spot")]
    pub(crate) fn notify(&mut self, method: &str, parameters: Value) {
        self.send_raw(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    /// Sends a request without waiting for its answer.
    #[expect(clippy::needless_pass_by_value, reason = "callers write the parameters on the spot")]
    pub(crate) fn ask(&mut self, method: &str, parameters: Value) -> i64 {
        self.next_id += 1;
        self.send_raw(
            &json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": parameters }),
        );
        self.next_id
    }

    fn receive(&mut self) -> Value {
        self.output.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// The whole answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        if let Some(found) =
            self.set_aside.iter().position(|message| message["id"] == id && message["method"].is_null())
        {
            return self.set_aside.remove(found).expect("it was found");
        }
        loop {
            let message = self.receive();
            if message["id"] == id && message["method"].is_null() {
                return message;
            }
            self.set_aside.push_back(message);
        }
    }

    /// The result of a request that succeeds.
    pub(crate) fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters);
        let answer = self.answer(id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The error of a request that fails.
    pub(crate) fn refused(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters);
        let answer = self.answer(id);
        assert!(answer["result"].is_null() && answer["error"].is_object(), "{method}: {answer}");
        answer["error"].clone()
    }

    /// What is wrong with a file, as soon as it is what is waited for.
    pub(crate) fn diagnostics(&mut self, path: &Path, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let address = uri(path);
        let mut waiting: VecDeque<Value> = std::mem::take(&mut self.set_aside);
        loop {
            let message = match waiting.pop_front() {
                Some(message) => message,
                None => self.receive(),
            };
            if message["method"] != "textDocument/publishDiagnostics" {
                self.set_aside.push_back(message);
                continue;
            }
            let found = message["params"]["diagnostics"].as_array().expect("a list of diagnostics");
            if message["params"]["uri"] == address.as_str() && wanted(found) {
                let found = found.clone();
                self.set_aside.extend(waiting);
                return found;
            }
        }
    }

    // Texts.

    pub(crate) fn open(&mut self, path: &Path, text: &str) {
        let address = uri(path);
        self.texts.insert(address.clone(), (1, text.to_owned()));
        let document = json!({ "uri": address, "languageId": "contingent", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn open_file(&mut self, path: &Path) {
        let text = std::fs::read_to_string(path).expect("the file is there");
        self.open(path, &text);
    }

    pub(crate) fn close(&mut self, path: &Path) {
        let address = uri(path);
        self.texts.remove(&address);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": address } }));
    }

    pub(crate) fn text(&self, path: &Path) -> &str {
        &self.texts[&uri(path)].1
    }

    /// Types: replaces the `n`th occurrence of a text, as an incremental change.
    pub(crate) fn replace(&mut self, path: &Path, old: &str, n: usize, new: &str) {
        let address = uri(path);
        let text = self.text(path).to_owned();
        let (start, _) = text.match_indices(old).nth(n).expect("the text stands in the file");
        let range =
            json!({ "start": self.position(&text, start), "end": self.position(&text, start + old.len()) });
        let version = self.texts[&address].0 + 1;
        let after = format!("{}{new}{}", &text[..start], &text[start + old.len()..]);
        self.texts.insert(address.clone(), (version, after));
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": address, "version": version },
                    "contentChanges": [{ "range": range, "text": new }] }),
        );
    }

    /// Replaces the whole text.
    pub(crate) fn rewrite(&mut self, path: &Path, text: &str) {
        let address = uri(path);
        let version = self.texts[&address].0 + 1;
        self.texts.insert(address.clone(), (version, text.to_owned()));
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": address, "version": version }, "contentChanges": [{ "text": text }] }),
        );
    }

    /// The position of a byte, counted as was agreed.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Value {
        let start = text[..offset].rfind('\n').map_or(0, |i| i + 1);
        let before = &text[start..offset];
        let column = if self.is_utf8 { before.len() } else { before.encode_utf16().count() };
        json!({ "line": text[..offset].matches('\n').count(), "character": column })
    }

    /// The byte of a position.
    pub(crate) fn offset(&self, text: &str, position: &Value) -> usize {
        let line = position["line"].as_u64().expect("a line") as usize;
        let column = position["character"].as_u64().expect("a column") as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        if self.is_utf8 {
            return start + column;
        }
        let mut left = column;
        for (i, character) in text[start..].char_indices() {
            if left == 0 {
                return start + i;
            }
            left -= character.len_utf16();
        }
        text.len()
    }

    /// The text within a range.
    pub(crate) fn slice<'t>(&self, text: &'t str, range: &Value) -> &'t str {
        &text[self.offset(text, &range["start"])..self.offset(text, &range["end"])]
    }

    /// Parameters of a request about the `n`th occurrence of a text; `inside` is how far into it the cursor stands.
    pub(crate) fn at(&self, path: &Path, text: &str, n: usize, inside: usize) -> Value {
        let whole = self.text(path);
        let (start, _) = whole.match_indices(text).nth(n).expect("the text stands in the file");
        json!({ "textDocument": { "uri": uri(path) }, "position": self.position(whole, start + inside) })
    }

    /// Applies the changes of an edit to texts by path.
    pub(crate) fn apply(&self, edit: &Value, texts: &mut BTreeMap<PathBuf, String>) {
        for (address, edits) in edit["changes"].as_object().expect("changes by file") {
            let (_, text) = texts.iter_mut().find(|(path, _)| uri(path) == *address).expect("a known file");
            let mut edits: Vec<(usize, usize, &str)> = edits
                .as_array()
                .expect("edits")
                .iter()
                .map(|edit| {
                    let range = &edit["range"];
                    let new = edit["newText"].as_str().expect("a text");
                    (self.offset(text, &range["start"]), self.offset(text, &range["end"]), new)
                })
                .collect();
            edits.sort_unstable();
            for (start, end, new) in edits.into_iter().rev() {
                text.replace_range(start..end, new);
            }
        }
    }

    /// Says goodbye, and gives the exit code.
    pub(crate) fn stop(mut self) -> i32 {
        self.request("shutdown", Value::Null);
        self.leave()
    }

    /// Leaves without shutting down.
    pub(crate) fn leave(mut self) -> i32 {
        self.notify("exit", Value::Null);
        drop(self.input.take());
        self.child.wait().expect("the server ends").code().expect("an exit code")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Without its input the server ends; a test that failed leaves none behind.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn read_message(reader: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The address of a path, as editors write it.
pub(crate) fn uri(path: &Path) -> String {
    let mut address = String::from("file://");
    for &byte in path.to_string_lossy().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}
